{#-
  on-run-end: prints what failed and what newly warns, worst first, for every gate that this run built; dbt itself prints only
  counts. Reads, and changes nothing: results are the same without it. Off with var ml_summary: false.

  Arguments: results (dbt's on-run-end results).
-#}
{% macro end_of_run_summary(results) %}
    {%- if execute and ml_monitor.setting('summary') -%}
        {%- set ns = namespace(gates=[], errors=[]) -%}
        {%- for result in results if result.node.resource_type == 'test' and result.status in ['fail', 'warn'] -%}
            {%- do ml_monitor.print_test(result) -%}
        {%- endfor -%}
        {%- for result in results if result.node.resource_type == 'model' -%}
            {%- set monitor = (result.node.name[4:] if result.node.name.startswith('stg_') else result.node.name).split('__')[0] -%}
            {%- if monitor in ml_monitor.ml_monitors() -%}
                {%- if result.node.name == monitor ~ '__gate' and result.status == 'success' -%}
                    {%- set ns.gates = ns.gates + [[monitor, result.node.relation_name]] -%}
                {%- elif result.status == 'error' -%}
                    {%- set ns.errors = ns.errors + [[monitor, result.node.name, result.message]] -%}
                {%- endif -%}
            {%- endif -%}
        {%- endfor -%}
        {%- for monitor, name, message in ns.errors -%}
            {%- set owner = ml_monitor.staging_meta(monitor, 'inferences').get('owner', 'nobody') -%}
            {%- set remedy = '\n    Remedy: have the source mended, or change ' ~ name
                ~ ' and its YAML; then dbt build again, nothing needs cleaning.' -%}
            {%- do print('ml_monitor  ERROR  ' ~ monitor ~ ': ' ~ name
                ~ ' was not built; its last good rows stay, everything after it is skipped. Owner ' ~ owner ~ '.\n    '
                ~ (message or '').replace('\n', '\n    ') ~ (remedy if name.startswith('stg_') else '')) -%}
        {%- endfor -%}
        {%- for monitor, relation in ns.gates -%}
            {%- do ml_monitor.print_gate(monitor, relation) -%}
        {%- endfor -%}
    {%- endif -%}
{% endmacro %}


{#- Prints the messages of a failed or warning generic test of ml_monitor; gates have their own form. -#}
{% macro print_test(result) %}
    {%- set metadata = result.node.test_metadata -%}
    {%- if metadata and metadata.namespace == 'ml_monitor' and metadata.name != 'gate' -%}
        {%- do print('ml_monitor  ' ~ result.status | upper ~ '  ' ~ result.node.name) -%}
        {%- for row in run_query(result.node.compiled_code).rows[:ml_monitor.setting('summary_lines')] -%}
            {%- do print('  ' ~ row['message']) -%}
        {%- endfor -%}
    {%- endif -%}
{% endmacro %}


{#- Prints the findings of one gate: per metric and subject the worst window, and how many there are. -#}
{% macro print_gate(monitor, relation) %}
    {%- set findings = run_query(ml_monitor.gate_findings(relation)) -%}
    {%- set failing = findings.rows | selectattr('status', 'equalto', 'fail') | list | length -%}
    {%- set lines = ml_monitor.setting('summary_lines') -%}
    {%- set found = failing ~ ' failing, ' ~ (findings.rows | length - failing) ~ ' newly warning' -%}
    {%- do print('ml_monitor  ' ~ monitor ~ ': ' ~ (found if findings.rows | length else 'all gates pass')) -%}
    {%- for row in findings.rows[:lines] -%}
        {%- set more = '\n        ' ~ row['finding_count'] ~ ' such findings from ' ~ row['first_window'] ~ ' to ' ~ row['last_window'] -%}
        {%- set sign = 'FAIL  ' if row['status'] == 'fail' else 'warn  ' -%}
        {%- do print('  ' ~ sign ~ row['message'] ~ (more if row['finding_count'] > 1 else '')) -%}
    {%- endfor -%}
    {%- for line in ml_monitor.readiness(monitor, relation) -%}{%- do print('  ' ~ line) -%}{%- endfor -%}
    {%- if findings.rows | length > lines -%}
        {%- do print('  ... and ' ~ (findings.rows | length - lines) ~ ' more: select * from ' ~ relation
            ~ " where status in ('fail', 'warn')") -%}
    {%- endif -%}
{% endmacro %}


{#-
  What a gate cannot say yet, or at all: lines on a baseline that is too short for findings to fail, was made of few of its days, or has
  another volume than the last 28 days; on the windows of a small volume; and on the features that are not judged.
  Arguments: monitor (string), relation (of the gate). Returns: list of strings.
-#}
{% macro readiness(monitor, relation) %}
    {%- set lines, unjudged = [], [] -%}
    {%- set windows = ml_monitor.model_node(monitor ~ '__baseline_windows') -%}
    {%- set spec = ml_monitor.monitor_spec(monitor) -%}
    {%- set baseline = {'day_count': 0} -%}
    {%- if windows and adapter.get_relation(windows.database, windows.schema, windows.alias) -%}
        {%- set baseline = run_query('select * from ' ~ ml_monitor.judged_windows(spec, windows.relation_name) ~ ' as judged').rows[0] -%}
    {%- endif -%}
    {%- set days = baseline.day_count -%}
    {%- set needed = [ml_monitor.setting('calibrated_windows'), ml_monitor.setting('baseline_days')] | min -%}
    {%- if days < needed -%}
        {%- set ready = modules.datetime.datetime.fromisoformat(ml_monitor.as_of_text()[:10])
            + modules.datetime.timedelta(days=needed - days) -%}
        {%- do lines.append('baseline: ' ~ days ~ ' of ' ~ ml_monitor.setting('baseline_days') ~ ' days; drift only warns until ' ~ needed
            ~ ' days are complete, about ' ~ ready.date()) -%}
    {%- endif -%}
    {%- if baseline.left_out and 2 * baseline.left_out > days -%}
        {%- do lines.append('baseline: ' ~ baseline.left_out ~ ' days between its ' ~ days ~ ' were left out (column reason of ' ~ monitor
            ~ '__baseline_windows): are its days like the others?') -%}
    {%- endif -%}
    {%- set usual, recent = baseline.day_rows, baseline.recent_rows -%}
    {#- Rows of a sample say little of the traffic. -#}
    {%- if usual and recent and not ml_monitor.sampling_weight(spec) and (2 * recent < usual or recent > 2 * usual) -%}
        {%- do lines.append('baseline: its median day has ' ~ usual ~ ' rows, that of the last 28 days ' ~ recent
            ~ ': does it still stand for the traffic?') -%}
    {%- endif -%}
    {%- if baseline.windows == 'none' -%}
        {%- do lines.append('volume: the median day has ' ~ baseline.day_rows ~ ' rows, so 28 days have fewer than the ' ~ spec.min_sample
            ~ ' that a distribution needs (min_sample); only rates, volume and freshness are judged') -%}
    {%- elif days < needed and baseline.windows and not baseline.windows.startswith('day') -%}
        {%- set length = ml_monitor.window_days()[baseline.windows.split(',')[0]] -%}
        {%- set first = modules.datetime.datetime.fromisoformat(ml_monitor.as_of_text()[:10])
            + modules.datetime.timedelta(days=[length + 1 - days, 0] | max) -%}
        {%- do lines.append('volume: the median day has ' ~ baseline.day_rows ~ ' rows, so distributions are judged by ' ~ length
            ~ ' days, from about ' ~ first.date()) -%}
    {%- endif -%}
    {%- set not_judged = 'select subject, reason from ' ~ relation ~ " where metric = 'psi' and check_id is null order by subject" -%}
    {%- for row in run_query(not_judged).rows -%}
        {%- do unjudged.append(row['subject'] ~ ' (' ~ row['reason'] ~ ')') -%}
    {%- endfor -%}
    {%- if unjudged -%}{%- do lines.append('not judged in the last 28 days: ' ~ unjudged | join(', ')) -%}{%- endif -%}
    {%- do return(lines) -%}
{% endmacro %}


{#- One row per failing or newly warning metric and subject of a gate, worst first: relative distance beyond the limit. -#}
{% macro gate_findings(relation) %}
with

findings as (

    select
        status,
        message,
        case
            when threshold is null or threshold = 0 then abs(coalesce(value, 1))
            else abs(value - threshold) / abs(threshold)
        end as distance,
        category,
        metric,
        subject,
        window_start,
        window_end
    from {{ relation }}
    where status = 'fail' or (status = 'warn' and not is_repeat)

),

ranked as (

    select
        *,
        row_number() over (partition by status, category, metric, subject order by distance desc, window_start) as distance_rank,
        count(*) over (partition by status, category, metric, subject) as finding_count,
        min(window_start) over (partition by status, category, metric, subject) as first_window,
        max(window_end) over (partition by status, category, metric, subject) as last_window
    from findings

)

select status, message, finding_count, first_window, last_window
from ranked
where distance_rank = 1
order by case when status = 'fail' then 0 else 1 end, distance desc, message
{% endmacro %}

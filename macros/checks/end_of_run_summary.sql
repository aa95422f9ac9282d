{#-
  on-run-end: what failed, for every gate that this run built, in lines of at most 100 columns; dbt itself prints only counts. Reads, and
  changes nothing: results are the same without it. Off with var ml_summary: false.

  Per monitor the number of findings, per failing gate its page, and a line for each incident, newest first; where ml_incident_findings was
  not built, for each finding. What an incident explains is counted in its line.

  Arguments: results (dbt's on-run-end results).
-#}
{% macro end_of_run_summary(results) %}
    {%- if execute and ml_monitor.setting('summary') -%}
        {%- set gates, ns = {}, namespace(has_failed=false, rows=[]) -%}
        {%- for result in results -%}
            {%- if result.node.resource_type == 'test' and result.status in ['fail', 'warn'] -%}
                {%- do ml_monitor.print_test(result) -%}
                {%- set ns.has_failed = ns.has_failed or result.status == 'fail' -%}
            {%- elif result.node.resource_type == 'model' -%}
                {%- set name = result.node.name[4:] if result.node.name.startswith('stg_') else result.node.name -%}
                {%- set monitor = name.split('__')[0] -%}
                {%- if monitor in ml_monitor.ml_monitors() and result.status == 'error' -%}
                    {%- do ml_monitor.print_error(monitor, result) -%}
                {%- elif name == monitor ~ '__gate' and result.status == 'success' -%}
                    {%- do gates.update({monitor: result.node.relation_name}) -%}
                {%- endif -%}
            {%- endif -%}
        {%- endfor -%}
        {%- if gates -%}
            {%- set incidents = ml_monitor.model_node('ml_incident_findings') if ns.has_failed -%}
            {%- set is_there = incidents and adapter.get_relation(incidents.database, incidents.schema, incidents.alias) -%}
            {%- set ns.rows = run_query(ml_monitor.gate_findings(gates, incidents.relation_name if is_there)).rows -%}
        {%- endif -%}
        {%- for monitor, relation in gates | dictsort -%}
            {%- do ml_monitor.print_gate(monitor, relation, ns.rows | selectattr('monitor', 'equalto', monitor) | list) -%}
        {%- endfor -%}
        {%- if ns.rows -%}
            {%- set folder = 'scripts' if project_name == 'ml_monitor' else 'dbt_packages/ml_monitor/scripts' -%}
            {%- do print('ml_monitor  next: python ' ~ folder ~ '/report.py; messages in full: ml_findings') -%}
        {%- endif -%}
    {%- endif -%}
{% endmacro %}


{#- Prints that a model of a monitor was not built. Arguments: monitor (string), result (of dbt). -#}
{% macro print_error(monitor, result) %}
    {%- set name = result.node.name -%}
    {%- set owner = ml_monitor.staging_meta(monitor, 'inferences').get('owner', 'nobody') -%}
    {%- do ml_monitor.print_wrapped('ml_monitor  ERROR  ' ~ monitor ~ ': ' ~ name
        ~ ' was not built; its last good rows stay, everything after it is skipped. Owner ' ~ owner ~ '.') -%}
    {%- do print('    ' ~ (result.message or '').replace('\n', '\n    ')) -%}
    {%- if name.startswith('stg_') -%}
        {%- do ml_monitor.print_wrapped('    Remedy: have the source mended, or change ' ~ name
            ~ ' and its YAML; then dbt build again, nothing needs cleaning.') -%}
    {%- endif -%}
{% endmacro %}


{#- Prints the messages of a failed or warning generic test of ml_monitor; gates have their own form. -#}
{% macro print_test(result) %}
    {%- set metadata = result.node.test_metadata -%}
    {%- if metadata and metadata.namespace == 'ml_monitor' and metadata.name != 'gate' -%}
        {%- do print('ml_monitor  ' ~ result.status | upper ~ '  ' ~ result.node.name) -%}
        {%- for row in run_query(result.node.compiled_code).rows[:ml_monitor.setting('summary_lines')] -%}
            {%- do ml_monitor.print_wrapped('  ' ~ row['message']) -%}
        {%- endfor -%}
    {%- endif -%}
{% endmacro %}


{#- Prints a text in lines of at most 100 columns; words stay whole. Arguments: text (string). -#}
{% macro print_wrapped(text) %}
    {%- do print(text[:2] ~ text[2:] | wordwrap(96, break_long_words=false, wrapstring='\n    ')) -%}
{% endmacro %}


{#- Prints the findings of one gate. Arguments: monitor (string), relation (of the gate), rows (of gate_findings). -#}
{% macro print_gate(monitor, relation, rows) %}
    {%- set counts, categories, ns = {'fail': [], 'warn': []}, {}, namespace(lines=0) -%}
    {%- for row in rows -%}
        {%- do counts[row['status']].append((row['category'], row['metric'], row['subject'])) -%}
        {%- if row['status'] == 'fail' -%}
            {%- do categories.update({row['category']: categories.get(row['category'], []) + [row]}) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- set found = counts.fail | unique | list | length ~ ' failing, ' ~ counts.warn | unique | list | length ~ ' newly warning' -%}
    {%- set found = found ~ '; owner ' ~ (rows[0]['owner'] or 'nobody') if rows else 'all gates pass' -%}
    {%- do ml_monitor.print_wrapped('ml_monitor  ' ~ monitor ~ ': ' ~ found) -%}
    {%- for category, mine in categories.items() -%}
        {%- do print('  FAIL  ' ~ category ~ ', ' ~ ml_monitor.setting('docs') ~ '/gates/' ~ category ~ '.md') -%}
        {%- set causes = mine | selectattr('is_cause') | list -%}
        {%- for row in causes -%}
            {%- set ns.lines = ns.lines + 1 -%}
            {%- if ns.lines <= ml_monitor.setting('summary_lines') -%}
                {%- set more = '; ' ~ row['finding_count'] ~ ' windows' if row['finding_count'] > 1 else '' -%}
                {%- set more = more ~ ('; explains ' ~ row['explained_count'] ~ ' more' if row['explained_count'] else '') -%}
                {%- set start = '    ' ~ (row['first_window'] | string)[:16] ~ '  ' -%}
                {%- do print(start ~ ml_monitor.short_message(row, 100 - start | length - more | length) ~ more) -%}
            {%- endif -%}
        {%- endfor -%}
        {%- if mine | length > causes | length -%}
            {%- do print('    ' ~ (mine | length - causes | length) ~ ' explained by other findings') -%}
        {%- endif -%}
    {%- endfor -%}
    {%- if ns.lines > ml_monitor.setting('summary_lines') -%}
        {%- do print('    ... and ' ~ (ns.lines - ml_monitor.setting('summary_lines')) ~ ' more') -%}
    {%- endif -%}
    {%- for line in ml_monitor.readiness(monitor, relation) -%}{%- do ml_monitor.print_wrapped('  ' ~ line) -%}{%- endfor -%}
{% endmacro %}


{#-
  The message of a finding without what its line and the lines above it say, and without details, cut to a width.
  Arguments: row (of gate_findings), width (int). Returns: string.
-#}
{% macro short_message(row, width) %}
    {%- set text = row['message'].removeprefix(row['monitor'] ~ ' ' ~ row['category'] ~ ': ') -%}
    {%- set text = modules.re.split(' \\((?:hour|day|[0-9]+ days|month|baseline)[ ,)]| owner ', text)[0] -%}
    {%- do return(text if text | length <= width else text[:width - 3] ~ '...') -%}
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


{#-
  The failing and newly warning findings of gates, newest first: a row for each metric and subject, and of those that ml_incident_findings
  has, for each incident.

  Arguments: gates (dict: the relation of the gate by monitor), incidents (relation of ml_incident_findings, optional).
  Returns: a select of monitor, status, category, metric, subject, message (of the worst window), owner, finding_count (windows),
  first_window, is_cause (false if another one of this status explains it), explained_count (findings that it explains).
-#}
{% macro gate_findings(gates, incidents=none) %}
{%- set keys = ['monitor', 'category', 'metric', 'subject', 'window_grain', 'baseline', 'model_version', 'segment_name', 'segment_value']
    -%}
with

findings as (
    {% for monitor, relation in gates.items() %}
    select
        {{ keys | join(', ') }}, status, message, owner, window_start,
        case
            when threshold is null or threshold = 0 then abs(coalesce(value, 1))
            else abs(value - threshold) / abs(threshold)
        end as distance
    from {{ relation }}
    where status = 'fail' or (status = 'warn' and not is_repeat)
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}

),

explained as (

    {% if incidents -%}
    select f.*, i.incident_id, i.is_cause, i.findings_of_incident
    from findings as f
    left join (
        select
            incident_id, is_cause, first_window_start, last_seen_at, {{ keys | join(', ') }},
            count(*) over (partition by incident_id) as findings_of_incident
        from {{ incidents }}
    ) as i
        on
            {% for key in keys %}f.{{ key }} = i.{{ key }} and {% endfor -%}
            f.window_start >= i.first_window_start and f.window_start <= i.last_seen_at
    {%- else -%}
    select findings.*, cast(null as {{ ml_monitor.text_type() }}) as incident_id, true as is_cause, 1 as findings_of_incident
    from findings
    {%- endif %}

),

ranked as (

    select
        *,
        row_number() over (
            partition by monitor, status, category, metric, subject, incident_id order by distance desc, window_start
        ) as distance_rank,
        count(*) over (partition by monitor, status, category, metric, subject, incident_id) as finding_count,
        min(window_start) over (partition by monitor, status, category, metric, subject, incident_id) as first_window,
        max(case when is_cause then 1 else 0 end) over (partition by status, incident_id) as has_cause
    from explained

)

select
    monitor, status, category, metric, subject, message, owner, finding_count, first_window,
    coalesce(is_cause or has_cause = 0, true) as is_cause,
    coalesce(findings_of_incident, 1) - 1 as explained_count
from ranked
where distance_rank = 1
order by first_window desc, distance desc, message
{% endmacro %}

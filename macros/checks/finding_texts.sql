{#-
  The text of findings, the checks that warn or fail: what was found, for people, and the query of the rows behind it. Checks that pass
  have none, and no text is built for them.

  Arguments: monitor (string), spec (dict of monitor_spec), metrics (list: entries of metric_catalog); the CTE `judged` must be there.
  CTEs:
    findings        the checks that are beyond a limit and beyond noise
    details         check_id, is_warn_only (the verdict is at most warn), detail (what a person should look at first): of metrics for which
                    they depend on the row of the metric's table
    finding_texts   check_id, is_warn_only, message, rows_query
-#}
{% macro finding_texts(monitor, spec, metrics) -%}
{%- set text, groups = ml_monitor.text_type(), ml_monitor.grouped_tables() %}
{%- set ns = namespace(plain=[], of_columns=[], names={}) %}
{%- for metric in metrics %}
    {%- set metric = dict(metric, detail=ml_monitor.detail_text(metric.detail), reads_columns=ml_monitor.reads_columns(metric.detail)) %}
    {%- if metric.reads_columns or metric.warn_only != 'false' %}
        {%- set table = groups[metric.model][0] if metric.model in groups else metric.model %}
        {%- set ns.of_columns = ns.of_columns + [dict(metric, table=table, group="'" ~ metric.model ~ "'")] %}
        {%- do ns.names.setdefault(table, []).append("'" ~ metric.metric ~ "'") %}
    {%- endif %}
    {%- set ns.plain = ns.plain + [dict(metric, detail="''") if metric.reads_columns else metric] %}
{%- endfor -%}
findings as (

    select
        check_id, category, metric, label, window_grain, window_start, window_end, model_version, segment_name, segment_value,
        subject as found_subject, baseline as found_baseline, value as found_value, sample_size, crossed, threshold
    from judged
    where not_evaluated_reason is null and coalesce(is_significant, true) and crossed is not null

),

details as (
    {% for table in ns.names %}
    {%- set own = ns.of_columns | selectattr('table', 'equalto', table) | list %}
    select
        check_id,
        {{ ml_monitor.by_metric(own, 'warn_only') | indent(8) }} as is_warn_only,
        {{ ml_monitor.by_metric(own, 'detail') | indent(8) }} as detail
    from findings
    inner join {{ ref(monitor ~ '__' ~ table) }}
        using (window_grain, window_start, model_version, segment_name, segment_value)
    where
        metric in ({{ ml_monitor.packed(ns.names[table], ', ') | indent(12) }})
        and found_subject = {{ ml_monitor.by_metric(own, 'subject') | indent(8) }}
        {%- if table == 'window_metrics' %}
        and metric_group = {{ ml_monitor.by_metric(own, 'group') | indent(8) }}
        {%- endif %}
        {%- if 'baseline' in own | map(attribute='baseline') %}
        and baseline = case when found_baseline = 'training' then 'training' else 'serving' end
        {%- endif %}
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}

),

{{ ml_monitor.rows_query_ctes(spec, metrics) }}

finding_texts as (

    select
        findings.check_id,
        coalesce(details.is_warn_only, false) as is_warn_only,
        {{ ml_monitor.message_start(spec) }} || case when found_subject = '__rows__' then '' else found_subject || ' ' end
        || label || ' ' || {{ ml_monitor.number_text('found_value', 3) }}
        || ' is ' || substring(crossed, 6) || ' ' || {{ ml_monitor.number_text('threshold') }}
        || ' (' || window_grain || ' to ' || cast(window_end as {{ text }})
        || case when found_baseline = 'none' then '' else ' against ' || found_baseline end
        || case when model_version = '__all__' then '' else ', version ' || model_version end
        || case when segment_name = '__all__' then '' else ', ' || segment_name || ' ' || segment_value end
        || ', n ' || cast(sample_size as {{ text }})
        || coalesce('; ' || nullif(coalesce(details.detail, {{ ml_monitor.by_metric(ns.plain, 'detail') | indent(8) }}), ''), '')
        || ')' || {{ ml_monitor.message_end(spec) }} as message,
        case when rows_metric is not null then
            {{ ml_monitor.rows_query(spec) | indent(12) }}
        end as rows_query
    from findings
    left join details on findings.check_id = details.check_id
    left join rows_queries on findings.metric = rows_metric and found_subject = rows_subject

),
{%- endmacro %}


{#- The beginning of every message, `flight_delay drift: `; category must be in scope. Arguments: spec. Returns: SQL. -#}
{% macro message_start(spec) %}{% do return("'" ~ spec.name ~ " ' || category || ': '") %}{% endmacro %}


{#- The end of the message of a finding: who acts on it, and the page of its gate. Arguments: spec. Returns: SQL. -#}
{% macro message_end(spec) %}
    {%- do return(ml_monitor.string_literal(' owner ' ~ (spec.owner or 'nobody') ~ ', docs/gates/') ~ " || category || '.md'") -%}
{% endmacro %}

{#-
  The text of findings, the checks that warn or fail: what was found, for people, and the query of the rows behind it. No text is built for
  checks that pass.

  Arguments: monitor (string), spec (dict of monitor_spec), metrics (list: entries of metric_catalog); the CTE `judged` must be there.
  CTEs:
    findings        the rows of `judged` that are findings
    found           their keys, under names that no metric table has
    details         check_id, is_warn_only (the verdict is at most warn), detail (what a person should look at first): of metrics for which
                    they depend on the row of the metric's table
    finding_texts   findings with status, message and rows_query
-#}
{% macro finding_texts(monitor, spec, metrics) -%}
{%- set text, groups = ml_monitor.text_type(), ml_monitor.grouped_tables() %}
{%- set ns = namespace(plain=[], of_columns=[], names={}, units=[]) %}
{%- for metric in metrics %}
    {%- set reads_columns = ml_monitor.reads_columns(metric.detail) %}
    {%- if reads_columns or metric.warn_only != 'false' %}
        {%- set table = groups[metric.model][0] if metric.model in groups else metric.model %}
        {%- set detail = ml_monitor.detail_text(metric.detail, 'found_value') %}
        {%- set ns.of_columns = ns.of_columns + [dict(metric, table=table, group="'" ~ metric.model ~ "'", detail=detail)] %}
        {%- do ns.names.setdefault(table, []).append("'" ~ metric.metric ~ "'") %}
    {%- endif %}
    {%- set detail = "''" if reads_columns else ml_monitor.detail_text(metric.detail, 'value') %}
    {%- set shown = ml_monitor.shown_value(metric.unit) %}
    {%- set ns.plain = ns.plain + [dict(metric, detail=detail)] %}
    {%- if shown.suffix %}
        {%- set ns.units = ns.units + [["'" ~ metric.metric ~ "'", shown.factor, "'" ~ shown.suffix ~ "'"]] %}
    {%- endif %}
{%- endfor -%}
findings as (

    select * from judged where is_finding

),

found as (

    select
        check_id, metric, window_grain, window_start, model_version, segment_name, segment_value,
        subject as found_subject, baseline as found_baseline, value as found_value, sample_size
    from findings

),

details {{ ml_monitor.as_materialized() }} (
    {% for table in ns.names %}
    {%- set own = ns.of_columns | selectattr('table', 'equalto', table) | list %}
    select
        check_id,
        {{ ml_monitor.by_metric(own, 'warn_only') | indent(8) }} as is_warn_only,
        {{ ml_monitor.by_metric(own, 'detail') | indent(8) }} as detail
    from found
    inner join {{ ref(monitor ~ '__' ~ table) }}
        using (window_grain, window_start, model_version, segment_name, segment_value)
    where
        metric in ({{ ml_monitor.packed(ns.names[table], ', ') | indent(12) }})
        and found_subject = {{ ml_monitor.by_metric(own, 'subject') | indent(8) }}
        and {{ ml_monitor.by_metric(own, 'where') | indent(8) }}
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

-- How the value of a metric is shown.
units as (

    {{ ml_monitor.values_list(['unit_metric', 'unit_factor', 'unit_suffix'], ns.units) | indent(4) }}

),

{{ ml_monitor.rows_query_ctes(spec, metrics) }}

finding_texts as (

    select
        findings.*,
        case when coalesce(details.is_warn_only, false) then 'warn' else substring(crossed, 1, 4) end as status,
        {{ ml_monitor.message_start(spec) }} || case when subject = '__rows__' then '' else subject || ' ' end
        || label || ' ' || {{ ml_monitor.significant_text('coalesce(unit_factor, 1) * value') }}
        || coalesce(unit_suffix, '')
        || ' is ' || substring(crossed, 6) || ' '
        || {{ ml_monitor.number_as_text(ml_monitor.float64('cast(coalesce(unit_factor, 1) * threshold as decimal(20, 6))')) }}
        || coalesce(unit_suffix, '') || ' (' || window_grain || ' to ' || cast(window_end as {{ text }})
        || case when baseline = 'none' then '' else ' against ' || baseline end
        || case when model_version = '__all__' then '' else ', version ' || model_version end
        || case when segment_name = '__all__' then '' else ', ' || segment_name || ' ' || segment_value end
        || ', n ' || cast(sample_size as {{ text }})
        || coalesce('; ' || nullif(coalesce(details.detail, {{ ml_monitor.by_metric(ns.plain, 'detail') | indent(8) }}), ''), '')
        || ')' || {{ ml_monitor.message_end(spec) }} as message,
        case when rows_metric is not null then
            {{ ml_monitor.rows_query(spec) | indent(12) }}
        end as rows_query
    from findings
    left join units on metric = unit_metric
    left join details on findings.check_id = details.check_id
    left join rows_queries on metric = rows_metric and subject = rows_subject

),
{%- endmacro %}

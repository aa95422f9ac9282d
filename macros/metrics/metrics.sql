{#-
  Model <m>__metrics: every judged metric of a monitor in one long, narrow form, made from metric_catalog. What checks and
  custom dashboards read.

  Arguments: monitor (string).
  Columns: metrics_columns.
-#}
{% macro metrics(monitor) %}
    {{- ml_monitor.monitor_model(monitor, reads=ml_monitor.tables_of_metrics(), materialized=ml_monitor.view_or_table(),
        access='public') -}}
    {%- if execute -%}
-- ml_monitor.metrics('{{ monitor }}')
{{ ml_monitor.metrics_select(monitor, ml_monitor.metrics_of(monitor, ml_monitor.monitor_spec(monitor))) }}
    {%- endif -%}
{% endmacro %}


{#-
  The select of <m>__metrics: the metrics of each table from one scan of it, joined to the list of their names.
  Arguments: monitor (string), metrics (list: entries of metric_catalog).
-#}
{% macro metrics_select(monitor, metrics) -%}
{%- set view = ml_monitor.performance_metrics_select(monitor) if ml_monitor.has_table(monitor, 'performance_metrics') else '' -%}
{%- set measured -%}
measured as (
    {% for table in metrics | map(attribute='model') | unique %}
    {%- set own, names = metrics | selectattr('model', 'equalto', table) | list, [] %}
    {%- for metric in own %}{% do names.append(["'" ~ metric.metric ~ "'", "'" ~ metric.category ~ "'"]) %}{% endfor %}
    select
        category, metric, window_grain, window_start, window_end, model_version, segment_name, segment_value,
        {%- for column, key in {
            'available_at': 'available_at', 'baseline': 'baseline', 'subject': 'subject', 'value': 'value',
            'value_low': 'low', 'value_high': 'high', 'sample_size': 'sample', 'is_significant': 'significant', 'reason': 'reason',
        }.items() %}
        {{ ml_monitor.by_metric(own, key) | indent(8) }} as {{ column }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ ml_monitor.read_from(monitor, table) }}
    cross join (
        {{ ml_monitor.values_list(['metric', 'category'], names) | indent(8) }}
    ) as named
    where {{ ml_monitor.by_metric(own, 'where') | indent(4) }}
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}

)
{%- endset -%}
with

{{ measured }}

select
    {{ ml_monitor.typed_columns(ml_monitor.metrics_columns(), {'monitor': "'" ~ monitor ~ "'"}) | indent(4) }},
    -- The hash of this SQL, and of the view that it reads: <m>__checks judges again when it changes.
    cast('{{ local_md5(ml_monitor.normalised_sql(measured ~ view)) }}' as {{ ml_monitor.text_type() }}) as code_hash
from measured
{%- endmacro %}


{#- The columns of <m>__metrics. -#}
{% macro metrics_columns() %}
    {%- do return(ml_monitor.listed_columns([
        'monitor', 'category', 'metric',
        ['window_grain', 'hour, day, 7_days, 28_days, month or baseline.'],
        'window_start', 'window_end',
        ['available_at', 'timestamp', 'Earliest moment it could be judged (UTC): the end of the window, or later if labels must arrive '
            'first.'],
        'baseline', 'model_version', 'segment_name', 'segment_value', 'subject', 'value', 'value_low', 'value_high', 'sample_size',
        ['is_significant', 'boolean', 'True if the value is beyond noise; a verdict needs that. Always true where the bounds decide.'],
        ['reason', 'Why it cannot be judged, whatever the policy; else NULL.'],
    ])) -%}
{% endmacro %}

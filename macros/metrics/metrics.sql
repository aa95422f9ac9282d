{#-
  Model <m>__metrics: every judged metric of a monitor in one long, narrow form, made from metric_catalog. What checks and
  custom dashboards read.

  Arguments: monitor (string).
  Columns: metrics_columns.
-#}
{% macro metrics(monitor) %}
    {{- ml_monitor.monitor_model(monitor, reads=ml_monitor.tables_of_metrics(), materialized='view', access='public') -}}
    {%- if execute -%}
-- ml_monitor.metrics('{{ monitor }}')
{{- ml_monitor.metrics_select(monitor, ml_monitor.metrics_of(monitor, ml_monitor.monitor_spec(monitor))) }}
    {%- endif -%}
{% endmacro %}


{#- The tables that metrics are columns of. Returns: list of names. -#}
{% macro tables_of_metrics() %}
    {%- do return(['drift', 'relations', 'embeddings', 'attributions', 'data_quality', 'window_metrics', 'parity', 'performance']) -%}
{% endmacro %}


{#-
  The select of <m>__metrics.
  Arguments: monitor (string), metrics (list: entries of metric_catalog), for_checks (boolean: with what only a verdict needs, is_warn_only and detail).
-#}
{% macro metrics_select(monitor, metrics, for_checks=false) -%}
{%- set text = ml_monitor.text_type() -%}
{%- for metric in metrics %}
select
    cast('{{ monitor }}' as {{ text }}) as monitor,
    cast('{{ metric.category }}' as {{ text }}) as category,
    cast('{{ metric.metric }}' as {{ text }}) as metric,
    window_grain,
    window_start,
    window_end,
    cast({{ metric.available_at }} as timestamp) as available_at,
    cast({{ metric.baseline }} as {{ text }}) as baseline,
    model_version,
    segment_name,
    segment_value,
    cast({{ metric.subject }} as {{ text }}) as subject,
    {{ metric.value }} as value,
    {{ metric.low }} as value_low,
    {{ metric.high }} as value_high,
    cast({{ metric.sample }} as bigint) as sample_size,
    {{ metric.significant }} as is_significant,
    cast({{ metric.reason }} as {{ text }}) as reason
    {%- if for_checks %},
    {{ metric.warn_only }} as is_warn_only,
    cast({{ metric.detail }} as {{ text }}) as detail
    {%- endif %}
from {{ ml_monitor.read_from(monitor, metric.model) }}
where {{ metric.where }} and window_grain in ('{{ metric.grains | join("', '") }}')
{%- if not loop.last %}
union all
{%- endif %}
{%- endfor %}
{%- endmacro %}


{#- The columns of <m>__metrics. -#}
{% macro metrics_columns() %}
    {%- do return(ml_monitor.listed_columns([
        'monitor', 'category', 'metric',
        ['window_grain', 'hour, day, week, rolling or month.'],
        'window_start', 'window_end',
        ['available_at', 'timestamp', 'Earliest moment it could be judged (UTC): the end of the window, or later if labels must arrive '
            'first.'],
        'baseline', 'model_version', 'segment_name', 'segment_value', 'subject', 'value', 'value_low', 'value_high', 'sample_size',
        ['is_significant', 'boolean', 'True if the value is beyond noise; a verdict needs that. Always true where the bounds decide.'],
        ['reason', 'Why it cannot be judged, whatever the policy; else NULL.'],
    ])) -%}
{% endmacro %}

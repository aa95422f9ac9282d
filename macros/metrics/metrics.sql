{#-
  Model <m>__metrics: every judged metric of a monitor in one long, narrow form, made from metric_catalog. What checks and
  custom dashboards read.

  Arguments: monitor (string).
  Columns: see models/monitors/<m>/_<m>__monitor.yml.
-#}
{% macro metrics(monitor) %}
    {{- config(materialized='view') -}}
-- ml_monitor.metrics('{{ monitor }}')
{{- ml_monitor.metrics_select(monitor, ml_monitor.metrics_of(monitor, ml_monitor.monitor_spec(monitor))) }}
{% endmacro %}


{#- The select of <m>__metrics. Arguments: monitor (string), metrics (list: entries of metric_catalog). -#}
{% macro metrics_select(monitor, metrics) -%}
{%- set text = dbt.type_string() -%}
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
    {{ metric.warn_only }} as is_warn_only,
    cast({{ metric.reason }} as {{ text }}) as reason,
    cast({{ metric.detail }} as {{ text }}) as detail
from {{ ref(monitor ~ '__' ~ metric.model) }}
where {{ metric.where }} and window_grain in ('{{ metric.grains | join("', '") }}')
{%- if not loop.last %}
union all
{%- endif %}
{%- endfor %}
{%- endmacro %}

{#- The fleet view of gates: each gate's select over the checks of its monitor. -#}
{% macro fleet_gates() %}
    {{- config(materialized='view') -}}
    {%- if not execute -%}
        {%- for monitor in ml_monitor.ml_monitors() -%}
            {%- do ref(project_name, monitor ~ '__checks') -%}
            {%- do ml_monitor.waivers(monitor) -%}
            {%- do ml_monitor.expected_changes(monitor) -%}
            {%- if ml_monitor.model_registry(monitor) -%}{%- do ref(project_name, monitor ~ '__hourly_volume') -%}{%- endif -%}
        {%- endfor -%}
    {%- else -%}
-- ml_monitor.fleet_gates()
{%- for monitor in ml_monitor.monitors_with('checks') %}
select
    {{ model.columns.keys() | join(',\n    ') }}
from (
    {{ ml_monitor.gate_select(monitor) | indent(4) }}
) as gate_of_{{ monitor }}
{%- if not loop.last %}
union all
{%- endif %}
{%- else %}
{{ ml_monitor.no_rows() }}
{%- endfor %}
    {%- endif -%}
{% endmacro %}

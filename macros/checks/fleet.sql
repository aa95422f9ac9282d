{#-
  A fleet view: the tables of one kind of all monitors, as one. Its columns are those of its own YAML, by name.

  Arguments: table (string, the part after `<m>__`), part (string or none: only monitors with it).
-#}
{% macro fleet(table, part=none) %}
    {{- config(materialized='view') -}}
    {%- set ns = namespace(relations=[]) -%}
    {%- for monitor in ml_monitor.ml_monitors() if not part or ml_monitor.has_part(monitor, part) -%}
        {%- set ns.relations = ns.relations + [ref(project_name, monitor ~ '__' ~ table)] -%}
    {%- endfor -%}
-- ml_monitor.fleet('{{ table }}')
{%- for relation in ns.relations %}
select
    {{ model.columns.keys() | join(',\n    ') }}
from {{ relation }}
{%- if not loop.last %}
union all
{%- endif %}
{%- else %}
{{ ml_monitor.no_rows() }}
{%- endfor %}
{% endmacro %}


{#- The fleet view of gates: each gate's select over the checks of its monitor. -#}
{% macro fleet_gates() %}
    {{- config(materialized='view') -}}
-- ml_monitor.fleet_gates()
{%- for monitor in ml_monitor.ml_monitors() %}
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
{% endmacro %}

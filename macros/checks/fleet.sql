{#-
  A fleet view: the tables of one kind of all monitors, as one. Its columns are those of its own YAML, by name.

  Arguments: table (string: the part after `<m>__`, or a group of such a table), where (SQL: the rows to show, optional).
-#}
{% macro fleet(table, where=none) %}
    {{- config(materialized='view') -}}
    {%- set group = ml_monitor.grouped_tables().get(table) -%}
    {%- set ns = namespace(relations=[], columns=[]) -%}
    {%- for monitor in ml_monitor.ml_monitors() if ml_monitor.has_table(monitor, table) -%}
        {%- set ns.relations = ns.relations + [ref(project_name, monitor ~ '__' ~ (group[0] if group else table))] -%}
    {%- endfor -%}
    {%- if execute -%}
    {%- for name in model.columns -%}
        {%- set ns.columns = ns.columns + [group[3][name] ~ ' as ' ~ name if group and name in group[3] else name] -%}
    {%- endfor -%}
-- ml_monitor.fleet('{{ table }}')
{%- for relation in ns.relations %}
select
    {{ ns.columns | join(',\n    ') }}
from {{ relation }}
{%- if group %}
where {{ group[1] }} = '{{ group[2] }}'
{%- elif where %}
where {{ where }}
{%- endif %}
{%- if not loop.last %}
union all
{%- endif %}
{%- else %}
{{ ml_monitor.no_rows() }}
{%- endfor %}
    {%- endif -%}
{% endmacro %}


{#- The fleet view of gates: each gate's select over the checks of its monitor. -#}
{% macro fleet_gates() %}
    {{- config(materialized='view') -}}
    {%- if not execute -%}
        {%- for monitor in ml_monitor.ml_monitors() -%}{%- do ref(project_name, monitor ~ '__checks') -%}{%- endfor -%}
    {%- else -%}
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
    {%- endif -%}
{% endmacro %}


{#- A select without rows that has the columns of the model's contract. -#}
{% macro no_rows() -%}
select
    {%- for column in model.columns.values() %}
    cast(null as {{ column.data_type }}) as {{ adapter.quote(column.name) if column.quote else column.name }}{{ ',' if not loop.last }}
    {%- else %}
    1 as nothing
    {%- endfor %}
where 1 = 0
{%- endmacro %}

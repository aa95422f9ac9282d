{#-
  A fleet view: the tables of one kind of all monitors, as one. Its columns are those of its own YAML, by name.

  Arguments: table (string: the part after `<m>__`, or a group of such a table), where (SQL: the rows to show, optional).
-#}
{% macro fleet(table, where=none) %}
    {{- config(materialized='view') -}}
    {%- set group = ml_monitor.grouped_tables().get(table) -%}
    {%- set ns = namespace(relations=[], columns=[]) -%}
    {%- for monitor in ml_monitor.monitors_with(group[0] if group else table) -%}
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

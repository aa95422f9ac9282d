{#-
  Of the rows of a short list that meet a condition, the least of a text. The text and the condition may name columns of the query around.

  Arguments: rows (list of dicts of column -> SQL, all with the same columns), x (SQL, text), where (SQL condition); both read the columns
    of the list as `c.<column>`.
  Returns: SQL, text; NULL if no row meets it.
-#}
{% macro least_text(rows, x, where) %}
    {{- adapter.dispatch('least_text', 'ml_monitor')(rows, x, where) -}}
{% endmacro %}

{% macro default__least_text(rows, x, where) -%}
{%- set names = rows[0].keys() | list -%}
{%- set ns = namespace(rows=[]) -%}
{%- for row in rows -%}{%- set ns.rows = ns.rows + [row.values() | list] -%}{%- endfor -%}
(
    select min({{ x }})
    from (
        {{ ml_monitor.values_list(names, ns.rows) }}
    ) as c
    where
        {{ where }}
)
{%- endmacro %}

{#- Spark takes no aggregate of columns of both queries. -#}
{% macro spark__least_text(rows, x, where) -%}
{%- set ns = namespace(structs=[]) -%}
{%- for row in rows -%}
    {%- set columns = namespace(sql=[]) -%}
    {%- for name, value in row.items() -%}{%- set columns.sql = columns.sql + ["'" ~ name ~ "', " ~ value] -%}{%- endfor -%}
    {%- set ns.structs = ns.structs + ['named_struct(' ~ columns.sql | join(', ') ~ ')'] -%}
{%- endfor -%}
array_min(transform(filter(array(
    {{ ns.structs | join(',\n    ') }}
), c -> {{ where }}), c -> {{ x }}))
{%- endmacro %}

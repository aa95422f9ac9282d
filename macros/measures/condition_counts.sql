{#-
  How many rows meet each of some conditions: columns of a select, each with a comma before it.
  Arguments: conditions (dict of column name -> SQL; without a condition the column is NULL), rows (SQL, optional: how many rows one row
    stands for).
-#}
{% macro condition_counts(conditions, rows=none) -%}
{%- for name, condition in conditions.items() -%}
,
        {%- if not condition %}
        cast(null as bigint) as {{ name }}
        {%- elif rows %}
        cast(coalesce(sum(case when {{ condition }} then {{ rows }} end), 0) as bigint) as {{ name }}
        {%- else %}
        count(case when {{ condition }} then 1 end) as {{ name }}
        {%- endif %}
{%- endfor %}
{%- endmacro %}

{#-
  Counts of columns of both kinds, as numeric_counts and category_counts have them. Arguments: as numeric_counts.
-#}
{% macro column_counts(relation, grid, keys, columns, with_cells=true, few=false) %}
    {%- set numeric = columns | selectattr('kind', 'equalto', 'numeric') | list -%}
    {%- set categorical = columns | selectattr('kind', 'equalto', 'categorical') | list -%}
    {%- if numeric %}
    {{- ml_monitor.numeric_counts(relation, grid, keys, numeric, with_cells, few) }}
    {%- endif %}
    {%- if numeric and categorical %}
    union all
    {%- endif %}
    {%- if categorical %}
    {{- ml_monitor.category_counts(relation, grid, keys, categorical, few) }}
    {%- endif %}
{%- endmacro %}

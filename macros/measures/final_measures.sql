{#-
  The end of a measure: the CTE `final`, with the groups under their own names, and the select from it.

  Arguments:
    source (SQL after `from`), group_by (as in groups)
    columns (list): a column by its name; [name, SQL]; or [name, numerator, denominator] (SQL): a share, NULL if the denominator is 0
    alias (string, optional): the alias of the relation in `source` that has the groups
-#}
{% macro final_measures(source, group_by, columns, alias=none) -%}
final as (

    select
        {%- for group in ml_monitor.group_names(group_by) %}
        {{ alias ~ '.' if alias }}group_{{ loop.index }} as {{ group }},
        {%- endfor %}
        {%- for column in columns %}
        {%- if column is string %}
        {{ column }}
        {%- else %}
        {{ column[1] if column | length == 2 else ml_monitor.ratio(column[1], column[2]) }} as {{ column[0] }}
        {%- endif %}
        {{- ',' if not loop.last }}
        {%- endfor %}
    from {{ source }}

)

select * from final
{%- endmacro %}

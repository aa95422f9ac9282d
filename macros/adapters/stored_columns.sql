{#-
  The columns, in lower case, of the table that an incremental model adds to; none of them if it is built anew. A table of an earlier release lacks some.
  Returns: list of names.
-#}
{% macro stored_columns() %}
    {#- By a select of nothing, in half the time of adapter.get_columns_in_relation: many models ask. -#}
    {%- do return(run_query('select * from ' ~ this ~ ' where 1 = 0').column_names | map('lower') | list if execute and is_incremental() else []) -%}
{% endmacro %}

{#-
  The monitored columns that the training set has, read with the types they have there.
  Arguments: spec (dict of monitor_spec). Returns: list of columns as in monitored_columns.
-#}
{% macro training_columns(spec) %}
    {%- set columns = [] -%}
    {%- for column in ml_monitor.monitored_columns(spec) if column.in_reference -%}
        {%- set own = (spec.reference | selectattr('sql', 'equalto', column.sql) | list)[0] -%}
        {%- set counted = dict(column, sql=own.sql, data_type=own.data_type, is_float32=own.is_float32) -%}
        {%- do columns.append(dict(counted, source_sql=ml_monitor.monitored_value(counted))) -%}
    {%- endfor -%}
    {%- do return(columns) -%}
{% endmacro %}

{#-
  Columns cast to the types of their list. Arguments: columns (list of [name, type, description]), values (dict of name -> SQL: those that
  are
  not read by their name). Returns: SQL, one line for each column.
-#}
{% macro typed_columns(columns, values={}) -%}
    {%- set types = {'string': ml_monitor.text_type(), 'double': ml_monitor.float_type()} -%}
    {%- for name, type, description in columns -%}
        cast({{ values.get(name, name) | string | trim }} as {{ types.get(type, type) }}) as {{ name }}{{ ',\n' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}

{#-
  Columns cast to the types of their list.

  Arguments: columns (list of [name, type, description]), values (dict of name -> SQL: those that are not read by their name), own (list of
    the names that can be read; the others, without a value, are NULL. Default: all can be read).
  Returns: SQL, one line for each column.
-#}
{% macro typed_columns(columns, values={}, own=none) -%}
    {%- set types = {'string': ml_monitor.sql_type('string'), 'double': ml_monitor.sql_type('double')} -%}
    {%- for name, type, description in columns -%}
        {%- set value = values.get(name, name if own is none or name in own else 'null') -%}
        cast({{ value | string | trim }} as {{ types.get(type, type) }}) as {{ name }}{{ ',\n' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}

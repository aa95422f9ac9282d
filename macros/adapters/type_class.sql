{#-
  What values of a declared type are, whatever the engine calls it: text, whole (numbers), number (with a fraction), boolean, timestamp
  (without time zone), or another type by its name in lower case.
  Arguments: type (string). Returns: string.
-#}
{% macro type_class(type) %}
    {%- set name = ml_monitor.type_name(modules.re.sub('\\([^)]*\\)', '', (type or '') | string)) -%}
    {%- set classes = {
        'tinyint': 'whole', 'smallint': 'whole', 'integer': 'whole', 'bigint': 'whole', 'hugeint': 'whole',
        'utinyint': 'whole', 'usmallint': 'whole', 'uinteger': 'whole', 'ubigint': 'whole', 'uhugeint': 'whole',
        'double': 'number', 'real': 'number', 'decimal': 'number',
    } -%}
    {%- do return(classes.get(name, name)) -%}
{% endmacro %}

{#-
  A literal of YAML as value_text has the values of its column.
  Arguments: value (any), type (string: of the column), classes (list as in value_text). Returns: string.
-#}
{% macro literal_text(value, type, classes=[]) %}
    {%- set beside_numbers = 'whole' in classes or 'number' in classes -%}
    {%- if value is boolean -%}{%- do return(value | int | string if beside_numbers else value | string | lower) -%}{%- endif -%}
    {%- set is_text = value is string and ml_monitor.type_class(type) in ['text', 'boolean'] -%}
    {%- if is_text and 'boolean' in classes and value | lower in ['true', 'false', '1', '0'] -%}
        {%- set is_yes = value | lower in ['true', '1'] -%}
        {%- do return(is_yes | int | string if beside_numbers else is_yes | string | lower) -%}
    {%- endif -%}
    {%- set is_number = '^\\s*[-+]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][-+]?[0-9]{1,2})?\\s*$' -%}
    {%- set number = value if value is number else value | float if is_text and beside_numbers and modules.re.match(is_number, value) -%}
    {%- do return((number | int if number == number | int else number) | string if number is number else value | string) -%}
{% endmacro %}

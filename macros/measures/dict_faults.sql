{#-
  The faults of an argument that must be a dict of columns. Arguments: name (string), value (what the user wrote), example (string).
  Returns: a list of texts.
-#}
{% macro dict_faults(name, value, example) %}
    {%- set found = value if value is not none else 'nothing' -%}
    {%- do return([] if value is mapping and value else [name ~ ' is ' ~ found ~ '. Allowed: a dict, such as ' ~ example]) -%}
{% endmacro %}

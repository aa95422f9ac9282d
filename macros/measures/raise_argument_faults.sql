{#-
  Raises a compiler error with every fault of a generic test's arguments at once.
  Arguments: test (string), about (string), faults (list of texts), example (string: correct arguments in YAML).
-#}
{% macro raise_argument_faults(test, about, faults, example) %}
    {%- if faults -%}
        {%- do exceptions.raise_compiler_error('ml_monitor.' ~ test ~ ' on ' ~ about ~ ': ' ~ faults | join('; ')
            ~ '. Write\n    - ml_monitor.' ~ test ~ ':\n        arguments: ' ~ example) -%}
    {%- endif -%}
{% endmacro %}

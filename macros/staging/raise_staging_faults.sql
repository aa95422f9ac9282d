{#-
  Raises a compiler error with every fault of the arguments of a macro for staging models at once.
  Arguments: macro (string), faults (list of texts), example (string: correct arguments).
-#}
{% macro raise_staging_faults(macro, faults, example) %}
    {%- if faults -%}
        {%- do exceptions.raise_compiler_error('ml_monitor: ' ~ (model.original_file_path if model else 'inline') ~ ': ' ~ macro
            ~ '\n   found:   ' ~ faults | join('\n            ') ~ '\n   write:\n       {' ~ '{ ml_monitor.' ~ macro ~ '(' ~ example
            ~ ') }' ~ '}') -%}
    {%- endif -%}
{% endmacro %}

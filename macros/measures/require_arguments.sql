{#-
  Raises for every limit that lacks the argument it needs, all at once. Limits that are no dict are left to limits_test.
  Arguments: test, about (strings), warn, fail (dicts of limits), needs (list of [limits, whether the argument is there, what they need,
    the arguments to write]).
-#}
{% macro require_arguments(test, about, warn, fail, needs) %}
    {%- set ns = namespace(faults=[]) -%}
    {%- for limits, is_given, needed, example in needs if not is_given -%}
        {%- for limit in limits if (warn is mapping and limit in warn) or (fail is mapping and limit in fail) -%}
            {%- set ns.faults = ns.faults + ['limit ' ~ limit ~ ' needs ' ~ needed
                ~ '. Write\n    - ml_monitor.' ~ test ~ ':\n        arguments: {' ~ example ~ ', fail: {' ~ limit ~ ': 1}}'] -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- if ns.faults -%}
        {%- do exceptions.raise_compiler_error('ml_monitor.' ~ test ~ ' on ' ~ about ~ ': ' ~ ns.faults | join('\n  ')) -%}
    {%- endif -%}
{% endmacro %}

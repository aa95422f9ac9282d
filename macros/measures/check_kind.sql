{#- Raises if a column has a kind that does not exist. Arguments: name (string: the macro or test), kind. -#}
{% macro check_kind(name, kind) %}
    {%- if kind not in ['numeric', 'categorical'] -%}
        {%- do exceptions.raise_compiler_error(
            'ml_monitor.' ~ name ~ ": kind is '" ~ kind ~ "'; allowed: numeric, categorical. Write kind: categorical"
        ) -%}
    {%- endif -%}
{% endmacro %}

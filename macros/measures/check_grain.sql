{#- Raises if the windows of a measure are neither hours nor days. Arguments: name (string: the macro or test), grain. -#}
{% macro check_grain(name, grain) %}
    {%- if grain not in ['hour', 'day'] -%}
        {%- do exceptions.raise_compiler_error(
            'ml_monitor.' ~ name ~ ": grain is '" ~ grain ~ "'; allowed: hour, day. Write grain: hour"
        ) -%}
    {%- endif -%}
{% endmacro %}

{#- Raises if rules are not a dict of name -> condition. Arguments: rules, about (string, for the message). -#}
{% macro check_row_rules(rules, about) %}
    {%- if rules is not mapping or not rules -%}
        {%- do exceptions.raise_compiler_error(
            'ml_monitor.row_rules on ' ~ about ~ ': rules is ' ~ rules ~ '. Allowed: a dict of name -> SQL condition. '
            'Write\n    - ml_monitor.row_rules:\n        arguments: {rules: {ends_after_start: "end_time >= start_time"}, fail: 0}'
        ) -%}
    {%- endif -%}
{% endmacro %}

{#- The columns of a policy row. -#}
{% macro policy_columns() %}
    {%- do return([
        'policy_id', 'monitor', 'metric', 'window_grain', 'baseline', 'segment_name', 'subject',
        'warn_below', 'fail_below', 'warn_above', 'fail_above', 'min_sample', 'comment',
    ]) -%}
{% endmacro %}

{#- Rows of a profile in a period (a dict as in compare, or of reference_period), its segment apart. Returns: an SQL condition. -#}
{% macro period_condition(period) %}
    {%- set ns = namespace(conditions=[]) -%}
    {%- for key, sign in {'from': '>=', 'until': '<'}.items() if period[key] -%}
        {%- set moment = ml_monitor.timestamp_literal(ml_monitor.timestamp_text(period[key] | string)) -%}
        {%- set ns.conditions = ns.conditions + ['window_start ' ~ sign ~ ' ' ~ moment] -%}
    {%- endfor -%}
    {%- if period.model_version -%}
        {%- set ns.conditions = ns.conditions + ['model_version = ' ~ ml_monitor.string_literal(period.model_version)] -%}
    {%- endif -%}
    {%- if period.condition -%}{%- set ns.conditions = ns.conditions + [period.condition] -%}{%- endif -%}
    {%- do return(ns.conditions | join(' and ') or '1 = 1') -%}
{% endmacro %}

{#- The grain of a counted window; its start is the start of a day if the day is kept as one. -#}
{% macro counted_grain(window_start, fold_before) %}
    {%- do return("case when " ~ window_start ~ " < " ~ fold_before ~ " then 'day' else 'hour' end" if fold_before else "'hour'") -%}
{% endmacro %}

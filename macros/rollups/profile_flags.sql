{#- The counts of a profile row beside row_count: what data_quality turns into rates. -#}
{% macro profile_flags() %}
    {%- do return(['zero_count', 'default_count', 'invalid_count', 'empty_count', 'clipped_count', 'numeric_text_count']) -%}
{% endmacro %}

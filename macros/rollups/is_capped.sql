{#- Rows of the relation `counts` that are in capped_segments: a join condition. Arguments: counts (alias), window (SQL name). -#}
{% macro is_capped(counts, window) %}
    {%- do return('capped.ml_window = ' ~ counts ~ '.' ~ window ~ ' and capped.ml_segment = ' ~ counts ~ '.segment_name'
        ~ ' and capped.ml_value = ' ~ counts ~ '.segment_value') -%}
{% endmacro %}

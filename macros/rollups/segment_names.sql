{#- What rows are counted by: all of them, and each segment. Arguments: spec. Returns: SQL, a subquery with segment_name. -#}
{% macro segment_names(spec) -%}
(
            select '__all__' as segment_name
            {%- for segment in spec.segments %}
            union all
            select {{ ml_monitor.string_literal(segment) }} as segment_name
            {%- endfor %}
        )
{%- endmacro %}

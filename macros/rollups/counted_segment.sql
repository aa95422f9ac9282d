{#- The segment_value of counts (alias `counts`), joined to capped_segments (alias `capped`), as the tables write it. Returns: SQL. -#}
{% macro counted_segment() -%}
case
    when counts.segment_name = '__all__' then '__all__'
    when capped.ml_segment is not null then '__other__'
    else {{ ml_monitor.segment_value('counts.segment_value') }}
end
{%- endmacro %}

{#-
  The query of a check's rows, as SQL text: every row of the log that was counted, with all its columns.
  Arguments: spec; the check's columns must be in scope as window_start, window_end, segment_name, segment_value and model_version, beside
    those of the CTE rows_queries.
-#}
{% macro rows_query(spec) -%}
{%- set log, text = ml_monitor.relation_name_of(spec.name ~ '__inferences_log'), ml_monitor.text_type() -%}
{%- set version = ml_monitor.version_name(spec, ml_monitor.logged_version(spec)) -%}
{%- set scope -%}
'log.ml_event_hour >= cast(''' || cast(window_start as {{ text }})
|| ''' as timestamp) and log.ml_event_hour < cast(''' || cast(window_end as {{ text }}) || ''' as timestamp)'
|| ' and log.ml_row_state = ''' || row_state || ''''
{%- if spec.segments %}
|| case segment_name
    {%- for segment in spec.segments %}
    {%- set named = ml_monitor.segment_value(ml_monitor.segment_text(spec, segment)) %}
    {%- set is_kept = ' and kept.segment_name = ' ~ ml_monitor.string_literal(segment) ~ ' and kept.segment_value = ' ~ named ~ ')' %}
    when {{ ml_monitor.string_literal(segment) }} then
        {#- The rest of a segment: rows whose value its window does not count by itself. #}
        case when segment_value = '__other__'
            then ' and not exists (select 1 from ' || nullif(counted_in, '') || ' as kept where kept.window_start = ' || counted_window
                || {{ ml_monitor.string_literal(is_kept) }}
            else {{ ml_monitor.string_literal(' and ' ~ named ~ ' = ') }} || '''' || replace(segment_value, '''', '''''') || ''''
        end
    {%- endfor %}
    else ''
end
{%- endif %}
|| case
    when model_version = '__all__' then ''
    else {{ ml_monitor.string_literal(' and ' ~ version ~ ' = ') }} || '''' || replace(model_version, '''', '''''') || ''''
end
{%- endset -%}
replace('select log.* from {{ log }} as log where {scope} and (' || condition || ')', '{scope}',
    {{ scope | indent(4) }}
)
{%- endmacro %}

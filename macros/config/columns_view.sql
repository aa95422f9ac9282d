{#- Model ml_columns: one row per declared inference column with what is known of it. -#}
{% macro columns_view() %}
    {{- config(materialized='view') -}}
    {%- set text = ml_monitor.text_type() -%}
    {%- set ns = namespace(rows=[]) -%}
    {%- for monitor in ml_monitor.ml_monitors() -%}
        {%- for column in ml_monitor.monitor_spec(monitor).inferences -%}
            {%- set ns.rows = ns.rows + [dict(column, monitor=monitor)] -%}
        {%- endfor -%}
    {%- endfor -%}
-- ml_monitor.columns_view()
{%- for column in ns.rows %}
select
    cast('{{ column.monitor }}' as {{ text }}) as monitor,
    cast({{ ml_monitor.string_literal(column.name) }} as {{ text }}) as column_name,
    cast('{{ column.role }}' as {{ text }}) as column_role,
    cast('{{ column.kind }}' as {{ text }}) as column_kind,
    cast({{ ml_monitor.string_literal(column.data_type) }} as {{ text }}) as data_type,
    {{ ml_monitor.number_or_null(column.min) }} as minimum,
    {{ ml_monitor.number_or_null(column.max) }} as maximum,
    cast({{ ml_monitor.string_literal(column.accepted_values | join(', ')) }} as {{ text }}) as accepted_values,
    cast({{ ml_monitor.string_literal(column.pattern or '') }} as {{ text }}) as pattern,
    cast({{ ml_monitor.string_literal(column.unit or '') }} as {{ text }}) as unit,
    {{ ml_monitor.number_or_null(column.max_null_rate) }} as max_null_rate,
    {{ 'true' if column.hard or column.role == 'score' else 'false' }} as is_hard,
    {{ ml_monitor.number_or_null(column.importance) }} as importance,
    {{ 'true' if column.personal else 'false' }} as is_personal
{%- if not loop.last %}
union all
{%- endif %}
{%- else %}
select
    cast(null as {{ text }}) as monitor,
    cast(null as {{ text }}) as column_name,
    cast(null as {{ text }}) as column_role,
    cast(null as {{ text }}) as column_kind,
    cast(null as {{ text }}) as data_type,
    {{ ml_monitor.float64('null') }} as minimum,
    {{ ml_monitor.float64('null') }} as maximum,
    cast(null as {{ text }}) as accepted_values,
    cast(null as {{ text }}) as pattern,
    cast(null as {{ text }}) as unit,
    {{ ml_monitor.float64('null') }} as max_null_rate,
    false as is_hard,
    {{ ml_monitor.float64('null') }} as importance,
    false as is_personal
where 1 = 0
{%- endfor %}
{% endmacro %}

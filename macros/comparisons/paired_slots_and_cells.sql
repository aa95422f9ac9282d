{#-
  Both sides of a comparison as the CTE `paired_counts`: one row per column, slot and cell, with reference_<sum> and current_<sum> for
  count, z_sum, z_squared_sum, zero_count and default_count. Arguments: as compare; column (string, optional).
-#}
{% macro paired_slots_and_cells(monitor, current, reference, column=none) -%}
{%- set measures = {'count': 'row_count'} -%}
{%- for name in ['z_sum', 'z_squared_sum', 'zero_count', 'default_count'] -%}{%- do measures.update({name: name}) -%}{%- endfor -%}
sides as (
    {%- for side, period in {'reference': reference, 'current': current}.items() %}
    {{- '\n    union all' if not loop.first }}
    select
        column_name,
        slot,
        cell,
        {%- for name, expression in measures.items() %}
        {{ expression if side == 'reference' else 0 }} as reference_{{ name }},
        {{ expression if side == 'current' else 0 }} as current_{{ name }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ ref(monitor ~ '__reference_profile') if period == 'training' else ref(monitor ~ '__hourly_profile') }}
    where
        {% if period == 'training' -%}
        rebuild_key = 'profile'
        {%- else -%}
        {{ ml_monitor.period_condition(period) }}
        and {{ ml_monitor.segment_condition(period) }}
        {%- endif %}
        {%- if column %}
        and column_name = {{ ml_monitor.string_literal(column) }}
        {%- endif %}
    {%- endfor %}

),

paired_counts as (

    select
        column_name,
        slot,
        cell,
        {%- for name in measures %}
        sum(reference_{{ name }}) as reference_{{ name }},
        sum(current_{{ name }}) as current_{{ name }}{{ ',' if not loop.last }}
        {%- endfor %}
    from sides
    group by column_name, slot, cell

),
{%- endmacro %}


{#- Rows of a profile in the segment of a period (a dict as in compare), or in no segment. Returns: an SQL condition. -#}
{% macro segment_condition(period) %}
    {%- for name, value in (period.segment or {'__all__': '__all__'}).items() -%}
        {%- set name_condition = 'segment_name = ' ~ ml_monitor.string_literal(name) -%}
        {%- do return(name_condition ~ ' and segment_value = ' ~ ml_monitor.string_literal(value)) -%}
    {%- endfor -%}
{% endmacro %}

{#- The select of the group `join_cardinality`. Arguments: spec (dict of monitor_spec). -#}
{% macro join_cardinality_select(spec) -%}
{%- set names = [] -%}
{%- for name in ml_monitor.join_names(spec.name) -%}{%- do names.append([ml_monitor.string_literal(name)]) -%}{%- endfor -%}
with

measured as (

    select
        w.window_grain,
        w.window_start,
        w.window_end,
        joins.join_name,
        {%- for name in ml_monitor.join_counts() %}
        coalesce(counted.{{ name }}, 0) as {{ name }},
        {%- endfor %}
        {{ ml_monitor.bounded_ratio('match_rate', 'counted.matched_rows', 'counted.rows_before') }},
        {{ ml_monitor.ratio('counted.rows_after', 'counted.rows_before') }} as fan_out
    from join_cardinality_windows as w
    cross join (
        {{ ml_monitor.values_list(['join_name'], names) | indent(8) }}
    ) as joins
    left join counted_joins as counted
        on w.window_grain = counted.window_grain and w.window_start = counted.window_start and joins.join_name = counted.join_name

),

{{ ml_monitor.group_select(
    spec, 'join_cardinality', 'measured', ['window_grain', 'window_start', 'join_name'], {'ml_batch': '(select ml_batch from join_newest)'}
) }}
{%- endmacro %}

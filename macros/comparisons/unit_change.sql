{#-
  Whether a numeric column came to be in another unit than a reference, by quantiles exact on raw rows; needs no pipeline. NULL,
  NaN and infinite values are left out.

  Arguments: relation, reference (relation or `(select ...)`), column (SQL name), reference_column (SQL name, default the same),
    group_by (list of SQL names that both relations have).
  Returns: a select of one row, or one for each group of either side; none if both are empty:
    row_count, reference_rows            rows with a finite value
    current_median, reference_median
    unit_change                          name of the conversion, see unit_change_name; NULL if there is none
    unit_changed                         1 if there is one, 0 if not, NULL if a side has no values or the reference is only zeros
-#}
{% macro unit_change(relation, reference, column, reference_column=none, group_by=none) %}
    {%- set shares = [0.1, 0.25, 0.5, 0.75, 0.9] -%}
    {%- set names = ['q10', 'q25', 'q50', 'q75', 'q90'] -%}
    {%- set keys = ml_monitor.group_keys(group_by) | join(', ') -%}
    {%- set sides = {'current': [relation, column], 'reference': [reference, reference_column or column]} -%}
    {%- set ns = namespace(current=[], reference=[]) -%}
    {%- for name in names -%}
        {%- set ns.current = ns.current + ['current_' ~ name] -%}
        {%- set ns.reference = ns.reference + ['reference_' ~ name] -%}
    {%- endfor -%}
with

{% for side, source in sides.items() -%}
{{ side }}_values as (

    select
        {{ ml_monitor.group_inputs(group_by) }},
        -- Smaller than any measurement; PostgreSQL raises where a product of such numbers underflows.
        case
            when abs({{ ml_monitor.float64(source[1]) }}) < 1e-100 then 0
            when {{ ml_monitor.float64(source[1]) }} between -1e100 and 1e100 then {{ ml_monitor.float64(source[1]) }}
        end as value
    from {{ ml_monitor.aliased(source[0], side ~ '_rows') }}

),

{{ side }}_quantiles as (

    select
        {{ keys }},
        count(value) as {{ 'row_count' if side == 'current' else 'reference_rows' }},
        {%- for share in shares %}
        {{ ml_monitor.quantile(share, 'value') }} as {{ side }}_{{ names[loop.index0] }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ side }}_values
    group by {{ keys }}

),

{% endfor -%}
all_groups as (

    select {{ keys }} from current_quantiles
    union
    select {{ keys }} from reference_quantiles

),

named as (

    select
        {% for key in ml_monitor.group_keys(group_by) %}g.{{ key }}, {% endfor -%}
        coalesce(c.row_count, 0) as row_count,
        coalesce(r.reference_rows, 0) as reference_rows,
        {%- for name in names %}
        c.current_{{ name }},
        r.reference_{{ name }},
        {%- endfor %}
        {{ ml_monitor.unit_change_name(ns.current, ns.reference) | indent(8) }} as unit_change
    from all_groups as g
    left join current_quantiles as c on {{ ml_monitor.same_group('c', 'g', ml_monitor.group_aliases(group_by)) }}
    left join reference_quantiles as r on {{ ml_monitor.same_group('r', 'g', ml_monitor.group_aliases(group_by)) }}

),

final as (

    select
        {{ ml_monitor.group_outputs(group_by, 'named') }}row_count,
        reference_rows,
        current_q50 as current_median,
        reference_q50 as reference_median,
        unit_change,
        case
            when unit_change is not null then 1
            when row_count > 0 and ({{ ns.reference[0] }} <> 0 or {{ ns.reference[4] }} <> 0) then 0
        end as unit_changed
    from named

)

select * from final
{%- endmacro %}

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
    {%- set groups = ml_monitor.groups(group_by, or_one=true) -%}
    {%- set quantiles = {'q10': 0.1, 'q25': 0.25, 'q50': 0.5, 'q75': 0.75, 'q90': 0.9} -%}
    {%- set ns = namespace(current=[], reference=[]) -%}
    {%- for name in quantiles -%}
        {%- set ns.current = ns.current + ['current_' ~ name] -%}
        {%- set ns.reference = ns.reference + ['reference_' ~ name] -%}
    {%- endfor -%}
with

both_sides as (
    {%- for source, name, is_current in [[relation, column, 1], [reference, reference_column or column, 0]] %}
    {%- set x = ml_monitor.float64(name) %}
    {{- '\n    union all' if not loop.first }}
    select
        {{ groups.inputs }}{{ is_current }} as is_current,
        -- Smaller than any measurement; PostgreSQL raises where a product of such numbers underflows.
        case when abs({{ x }}) < 1e-100 then 0 when {{ x }} between -1e100 and 1e100 then {{ x }} end as value
    from {{ ml_monitor.aliased(source, 'all_rows') }}
    {%- endfor %}

),

measured as (

    select
        {{ groups.columns }}count(case when is_current = 1 then value end) as row_count,
        count(case when is_current = 0 then value end) as reference_rows,
        {%- for side, is_current in {'current': 1, 'reference': 0}.items() %}
        {%- set is_last_side = loop.last %}
        {%- for name, share in quantiles.items() %}
        {{ ml_monitor.quantile(share, 'case when is_current = ' ~ is_current ~ ' then value end') }} as {{ side }}_{{ name }}
        {{- ',' if not (loop.last and is_last_side) }}
        {%- endfor %}
        {%- endfor %}
    from both_sides
    {{- groups.by }}

),

named as (

    select
        measured.*,
        {{ ml_monitor.unit_change_name(ns.current, ns.reference) | indent(8) }} as unit_change
    from measured

),

{% set is_comparable = 'row_count > 0 and (reference_q10 <> 0 or reference_q90 <> 0)' -%}
{{ ml_monitor.final_measures('named', group_by, [
    'row_count', 'reference_rows', ['current_median', 'current_q50'], ['reference_median', 'reference_q50'], 'unit_change',
    ['unit_changed', 'case when unit_change is not null then 1 when ' ~ is_comparable ~ ' then 0 end'],
]) }}
{%- endmacro %}

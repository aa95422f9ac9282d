{#-
  Distances of the numbers of one column between two relations, exact on raw rows; needs no pipeline. NULL, NaN and infinite values
  are left out.

  Arguments:
    current, reference (relation or `(select ...)`), column (SQL name), reference_column (SQL name, default the same)
  Returns: a select of one row: reference_rows, current_rows, ks, ks_p_value, wasserstein (in the unit of the column),
    wasserstein_norm (wasserstein over the standard deviation of the reference), mean_shift (difference of the means over it). No
    row if both sides are empty; NULL if one is, or where the reference does not vary.
  Source: STATISTICS, "Distances".
  Example: {{ '{{ ml_monitor.numeric_distances(ref(\'scores\'), ref(\'training\'), \'age\') }}' }}
-#}
{% macro numeric_distances(current, reference, column, reference_column=none) %}
with

valued as (
    {%- for side, relation, name in [['reference', reference, reference_column or column], ['current', current, column]] %}
    {{- '\n    union all' if not loop.first }}
    select
        {{ ml_monitor.float64(name) }} as value,
        {{ 1 if side == 'reference' else 0 }} as reference_count,
        {{ 0 if side == 'reference' else 1 }} as current_count
    from {{ ml_monitor.aliased(relation, side ~ '_rows') }}
    where {{ ml_monitor.float64(name) }} between -1e100 and 1e100
    {%- endfor %}

),

counted as (

    select 1 as subject, value, sum(reference_count) as reference_count, sum(current_count) as current_count
    from valued
    group by value

),

{{ ml_monitor.cumulative_distances('counted', ['subject'], 'value', 'value', 'distances') }}

-- By the distance from the mean, since sums of squares of large numbers lose the small differences between them.
means as (

    select
        sum(reference_count * value) / nullif(sum(reference_count), 0) as reference_mean,
        sum(current_count * value) / nullif(sum(current_count), 0) as current_mean
    from counted

),

deviations as (

    select
        max(m.reference_mean) as reference_mean,
        max(m.current_mean) as current_mean,
        sqrt(
            sum(c.reference_count * (c.value - m.reference_mean) * (c.value - m.reference_mean)) / nullif(sum(c.reference_count), 0)
        ) as reference_sd
    from counted as c
    cross join means as m

),

final as (

    select
        distances.reference_rows,
        distances.current_rows,
        distances.ks,
        distances.ks_p_value,
        distances.wasserstein,
        distances.wasserstein / nullif(deviations.reference_sd, 0) as wasserstein_norm,
        (deviations.current_mean - deviations.reference_mean) / nullif(deviations.reference_sd, 0) as mean_shift
    from distances
    cross join deviations

)

select * from final
{%- endmacro %}

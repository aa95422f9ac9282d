{#-
  Distances between two distributions from counts per bin: the one place where their formulas are written.

  A bin is kept if its reference count is at least 50 and the window would be expected to hold at least 5 of it; all other
  bins and those marked as pooled form one rest bin, which joins the smallest kept bin when fewer than 5 are expected in it.
  PSI adds 0.5 per kept bin to both sides. Under no drift it is about (1/n + 1/m) chi2(k - 1), which gives its expected value,
  its noise and its p value. The other distances are of the shares of the same bins as they were counted.

  Arguments:
    counts (CTE name): keys, bin (int), is_pooled (boolean), reference_count, current_count; one row per key and bin
    keys (list of column names)
    prefix (string): the CTEs are <prefix>_bins and <prefix>_values
  CTEs:
    <prefix>_bins    keys, bin (-99 is the rest), holds_rest (1 if the rest is in it), reference_share, current_share, contribution (to
                     PSI): one row per kept bin
    <prefix>_values  keys, reference_rows (m), current_rows (n), bin_count (k), and, NULL if k < 2,
      psi            sum (p - q) ln(p / q)
      psi_excess     psi less its expectation under no drift; psi_noise: the 0.9995 quantile of the excess under no drift
      psi_p_value    chance of a PSI at least so large under no drift, before any restlessness of the column
      js_distance    Jensen-Shannon distance, base 2: 0 to 1
      hellinger      Hellinger distance: 0 to 1
      tv, linf       total variation (half the sum of |p - q|) and the largest |p - q|: 0 to 1
      chi2           Pearson's statistic of the table of two rows, k - 1 degrees of freedom; cramers_v: sqrt(chi2 / (n + m)), 0 to 1
  Source: STATISTICS, "Distances", "Pooling and noise"; quantiles from the seed ml_chi_square_quantiles.
-#}
{% macro distances_from_counts(counts, keys, prefix='psi') -%}
{%- set by_key = keys | join(', ') -%}
{%- set quantiles = ref('ml_monitor', 'ml_chi_square_quantiles') -%}
{{ prefix }}_totals as (

    select
        {{ by_key }},
        bin,
        is_pooled,
        {{ ml_monitor.float64('reference_count') }} as reference_count,
        {{ ml_monitor.float64('current_count') }} as current_count,
        {{ ml_monitor.float64('sum(reference_count) over (partition by ' ~ by_key ~ ')') }} as reference_rows,
        {{ ml_monitor.float64('sum(current_count) over (partition by ' ~ by_key ~ ')') }} as current_rows
    from {{ counts }}

),

{{ prefix }}_pooled as (

    select
        {{ by_key }},
        reference_rows,
        current_rows,
        case
            when not is_pooled and reference_count >= 50 and current_rows * reference_count >= 5 * reference_rows then bin
            else -99
        end as bin,
        sum(reference_count) as reference_count,
        sum(current_count) as current_count
    from {{ prefix }}_totals
    where reference_rows > 0 and current_rows > 0 and (reference_count > 0 or current_count > 0)
    group by
        {{ by_key }},
        reference_rows,
        current_rows,
        case
            when not is_pooled and reference_count >= 50 and current_rows * reference_count >= 5 * reference_rows then bin
            else -99
        end

),

{{ prefix }}_smallest as (

    select
        *,
        row_number() over (
            partition by {{ by_key }}
            order by case when bin = -99 then 1 else 0 end, reference_count, bin
        ) as size_rank
    from {{ prefix }}_pooled

),

{{ prefix }}_merged as (

    select
        {{ by_key }},
        max(reference_rows) as reference_rows,
        max(current_rows) as current_rows,
        min(case when bin = -99 then null else bin end) as bin,
        max(case when bin = -99 then 1 else 0 end) as holds_rest,
        sum(reference_count) as reference_count,
        sum(current_count) as current_count
    from {{ prefix }}_smallest
    group by
        {{ by_key }},
        case
            when bin = -99 and current_rows * reference_count < 5 * reference_rows then 1
            when bin = -99 then -1
            else size_rank
        end

),

{{ prefix }}_smoothed as (

    select
        {{ by_key }},
        coalesce(bin, -99) as bin,
        holds_rest,
        reference_rows,
        current_rows,
        reference_count,
        current_count,
        count(*) over (partition by {{ by_key }}) as bin_count,
        (reference_count + 0.5) / (reference_rows + 0.5 * count(*) over (partition by {{ by_key }})) as reference_share,
        (current_count + 0.5) / (current_rows + 0.5 * count(*) over (partition by {{ by_key }})) as current_share
    from {{ prefix }}_merged

),

{{ prefix }}_bins as (

    select
        {{ by_key }},
        bin,
        holds_rest,
        reference_rows,
        current_rows,
        reference_count,
        current_count,
        bin_count,
        reference_share,
        current_share,
        (current_share - reference_share) * ln(current_share / reference_share) as contribution,
        current_count / current_rows as p,
        reference_count / reference_rows as q
    from {{ prefix }}_smoothed

),

{{ prefix }}_sums as (

    select
        {{ by_key }},
        cast(max(reference_rows) as bigint) as reference_rows,
        cast(max(current_rows) as bigint) as current_rows,
        cast(max(bin_count) as int) as bin_count,
        sum(contribution) as contribution_sum,
        1 / max(current_rows) + 1 / max(reference_rows) as unit,
        sum(case when p > 0 then p * ln(2 * p / (p + q)) else 0 end + case when q > 0 then q * ln(2 * q / (p + q)) else 0 end) as js_sum,
        sum((sqrt(p) - sqrt(q)) * (sqrt(p) - sqrt(q))) as hellinger_sum,
        sum(abs(p - q)) as absolute_sum,
        max(abs(p - q)) as linf,
        max(current_rows) * max(reference_rows) * sum((p - q) * (p - q) / (current_count + reference_count)) as chi2
    from {{ prefix }}_bins
    group by {{ by_key }}

),

{{ ml_monitor.chi_square_tails(prefix ~ '_sums', keys, 'contribution_sum / unit', 'bin_count - 1', prefix ~ '_tails') }}

{{ prefix }}_values as (

    select
        {% for key in keys %}sums.{{ key }},
        {% endfor -%}
        sums.reference_rows,
        sums.current_rows,
        sums.bin_count,
        {%- set defined = 'case when sums.bin_count > 1 then ' %}
        {{ defined }}sums.contribution_sum end as psi,
        {{ defined }}sums.contribution_sum - (sums.bin_count - 1) * sums.unit end as psi_excess,
        {{ defined }}(quantiles.quantile_9995 - (sums.bin_count - 1)) * sums.unit end as psi_noise,
        tails.p_value as psi_p_value,
        {{ defined }}sqrt({{ ml_monitor.greatest_of([0, 'sums.js_sum']) }} / (2 * ln(2))) end as js_distance,
        {{ defined }}sqrt(sums.hellinger_sum / 2) end as hellinger,
        {{ defined }}sums.absolute_sum / 2 end as tv,
        {{ defined }}sums.linf end as linf,
        {{ defined }}sums.chi2 end as chi2,
        {{ defined }}sqrt(sums.chi2 / (sums.current_rows + sums.reference_rows)) end as cramers_v
    from {{ prefix }}_sums as sums
    left join {{ ml_monitor.aliased(quantiles, 'quantiles') }} on sums.bin_count - 1 = quantiles.degrees_of_freedom
    left join {{ prefix }}_tails as tails on {% for key in keys %}sums.{{ key }} = tails.{{ key }}{{ ' and ' if not loop.last }}{% endfor %}

),
{%- endmacro %}


{#- The distances of distances_from_counts beside PSI, in the order they are reported. -#}
{% macro other_distances() %}
    {%- do return(['js_distance', 'hellinger', 'tv', 'linf', 'chi2', 'cramers_v']) -%}
{% endmacro %}

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
  CTEs, each of which reads the one before it once:
    <prefix>_bins    keys, bin (-99 is the rest), holds_rest (1 if the rest is in it), reference_share, current_share, contribution (to
                     PSI), contribution_rank (1 is the largest), bin_count: one row per kept bin
    <prefix>_values  keys, reference_rows (m), current_rows (n), bin_count (k), and, NULL if k < 2,
      psi            sum (p - q) ln(p / q)
      psi_excess     psi less its expectation under no drift; psi_noise: the 0.9995 quantile of the excess under no drift
      psi_p_value    chance of a PSI at least so large under no drift, before any baseline variation of the column
      js_distance    Jensen-Shannon distance, base 2: 0 to 1
      hellinger      Hellinger distance: 0 to 1
      tv, linf       total variation (half the sum of |p - q|) and the largest |p - q|: 0 to 1
      chi2           Pearson's statistic of the table of two rows, k - 1 degrees of freedom; cramers_v: sqrt(chi2 / (n + m)), 0 to 1
      top_bin        the bin that contributes most, with top_bin_holds_rest, top_bin_reference_share and top_bin_current_share
  Source: STATISTICS, "Distances", "Pooling and noise"; quantiles from the seed ml_chi_square_quantiles.
-#}
{% macro distances_from_counts(counts, keys, prefix='psi') -%}
{%- set by_key = keys | join(', ') -%}
{%- set contribution = '(current_share - reference_share) * ln(current_share / reference_share)' -%}
{%- set unit = '(1 / current_rows + 1 / reference_rows)' -%}
{%- set half = ml_monitor.least_of([700, ml_monitor.greatest_of(['1e-300', 'contribution_sum / ' ~ unit ~ ' / 2'])]) -%}
{{ prefix }}_totals as (

    select
        {{ by_key }}, bin, is_pooled,
        {{ ml_monitor.float64('reference_count') }} as reference_count,
        {{ ml_monitor.float64('current_count') }} as current_count,
        {{ ml_monitor.float64('sum(reference_count) over (partition by ' ~ by_key ~ ')') }} as reference_rows,
        {{ ml_monitor.float64('sum(current_count) over (partition by ' ~ by_key ~ ')') }} as current_rows
    from {{ counts }}

),

{{ prefix }}_pooled as (

    select
        {{ by_key }}, bin,
        max(reference_rows) as reference_rows,
        max(current_rows) as current_rows,
        sum(reference_count) as reference_count,
        sum(current_count) as current_count,
        row_number() over (
            partition by {{ by_key }} order by case when bin = -99 then 1 else 0 end, sum(reference_count), bin
        ) as size_rank
    from (
        select
            {{ by_key }}, reference_rows, current_rows, reference_count, current_count,
            case
                when not is_pooled and reference_count >= 50 and current_rows * reference_count >= 5 * reference_rows then bin
                else -99
            end as bin
        from {{ prefix }}_totals
        where reference_rows > 0 and current_rows > 0 and (reference_count > 0 or current_count > 0)
    ) as kept
    group by {{ by_key }}, bin

),

-- A rest that is too small joins the smallest kept bin, which has rank 1.
{{ prefix }}_merged as (

    select
        {{ by_key }},
        coalesce(min(case when bin <> -99 then bin end), -99) as bin,
        max(case when bin = -99 then 1 else 0 end) as holds_rest,
        max(reference_rows) as reference_rows,
        max(current_rows) as current_rows,
        sum(reference_count) as reference_count,
        sum(current_count) as current_count,
        count(*) over (partition by {{ by_key }}) as bin_count,
        (sum(reference_count) + 0.5) / (max(reference_rows) + 0.5 * count(*) over (partition by {{ by_key }})) as reference_share,
        (sum(current_count) + 0.5) / (max(current_rows) + 0.5 * count(*) over (partition by {{ by_key }})) as current_share
    from {{ prefix }}_pooled
    group by {{ by_key }}, case when bin <> -99 then size_rank when current_rows * reference_count < 5 * reference_rows then 1 else -1 end

),

{{ prefix }}_bins as (

    select
        *,
        {{ contribution }} as contribution,
        sum({{ contribution }}) over (partition by {{ by_key }}) as contribution_sum,
        row_number() over (partition by {{ by_key }} order by {{ contribution }} desc, bin) as contribution_rank,
        current_count / current_rows as p,
        reference_count / reference_rows as q
    from {{ prefix }}_merged

),

{{ ml_monitor.chi_square_terms(prefix ~ '_terms') }}

{{ prefix }}_sums as (

    select
        {{ by_key }},
        max(reference_rows) as reference_rows,
        max(current_rows) as current_rows,
        max(bin_count) as bin_count,
        sum(contribution) as contribution_sum,
        {{ ml_monitor.chi_square_tail('h', '(bin_count - 1)', 'contribution_rank', 'log_gamma') }} as p_value,
        sum(
            case when p > 0 then p * ln(2 * p / (p + q)) else 0 end
            + case when q > 0 then q * ln(2 * q / (p + q)) else 0 end
        ) as js_sum,
        sum((sqrt(p) - sqrt(q)) * (sqrt(p) - sqrt(q))) as hellinger_sum,
        sum(abs(p - q)) as absolute_sum,
        max(abs(p - q)) as linf,
        max(current_rows) * max(reference_rows) * sum((p - q) * (p - q) / (current_count + reference_count)) as chi2,
        {%- for name in ['bin', 'holds_rest', 'reference_share', 'current_share'] %}
        max(case when contribution_rank = 1 then {{ name }} end) as top_{{ 'bin_' if name != 'bin' }}{{ name }}{{ ',' if not loop.last }}
        {%- endfor %}
    from (
        select
            bins.*,
            terms.log_gamma,
            {{ half }} as h
        from {{ prefix }}_bins as bins
        left join {{ prefix }}_terms as terms on bins.contribution_rank = terms.degrees_of_freedom
    ) as terms_of_bins
    group by {{ by_key }}

),

{{ prefix }}_values as (

    select
        {{ by_key }},
        cast(reference_rows as bigint) as reference_rows,
        cast(current_rows as bigint) as current_rows,
        cast(bin_count as int) as bin_count,
        {%- for name, value in {
            'psi': 'contribution_sum',
            'psi_excess': 'contribution_sum - (bin_count - 1) * ' ~ unit,
            'psi_noise': '(quantile_9995 - (bin_count - 1)) * ' ~ unit,
            'psi_p_value': 'case when quantile_9995 is not null then p_value end',
            'js_distance': 'sqrt(' ~ ml_monitor.greatest_of([0, 'js_sum']) ~ ' / (2 * ln(2)))',
            'hellinger': 'sqrt(hellinger_sum / 2)',
            'tv': 'absolute_sum / 2',
            'linf': 'linf',
            'chi2': 'chi2',
            'cramers_v': 'sqrt(chi2 / (current_rows + reference_rows))',
            'top_bin': 'top_bin',
            'top_bin_holds_rest': 'top_bin_holds_rest',
            'top_bin_reference_share': 'top_bin_reference_share',
            'top_bin_current_share': 'top_bin_current_share',
        }.items() %}
        case when bin_count > 1 then {{ value }} end as {{ name }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ prefix }}_sums
    left join {{ ml_monitor.aliased(ref('ml_monitor', 'ml_chi_square_quantiles'), 'quantiles') }} on bin_count - 1 = degrees_of_freedom

),
{%- endmacro %}

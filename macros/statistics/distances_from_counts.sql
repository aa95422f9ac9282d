{#-
  Distances between two distributions from counts per bin: the one place where their formulas are written.

  A bin is kept if its reference count is at least 50 and the window would be expected to hold at least 5 of it; all other
  bins and those marked as pooled form one rest bin. A rest with fewer than 5 expected rows is judged by itself: it is kept if it has more
  rows than chance explains (is_beyond_chance), and takes no part otherwise. So a value that was never seen before counts, however
  rare the bin is whose rows it took.
  PSI adds 0.5 per kept bin to both sides. Under no drift it is about (1/n + 1/m) chi2(k - 1), with n and m the rows of the kept bins,
  which gives its expected value, its noise and its p value. The other distances are of the shares of the same bins as they were counted.

  Arguments:
    counts (CTE name): keys, bin (int), is_pooled (boolean), reference_count, current_count; one row per key and bin
    keys (list of column names)
    prefix (string): the CTEs are <prefix>_bins and <prefix>_values
    own_count (column name, optional): rows of the window that were taken out of the reference, as those of a day of the baseline. They
      count for which bins are kept: otherwise bins would be kept where the window happens to have fewer rows, and at 50 rows a day deciles
      would seem to move (docs/decisions/0020-longer-windows.md)
  CTEs, each of which reads the one before it once:
    <prefix>_bins    keys, bin (-99 is the rest), is_kept (0 for a rest that takes no part), reference_share, current_share, contribution
                     (to PSI), contribution_rank (1 is the largest), bin_count: one row per bin
    <prefix>_values  keys, reference_rows, current_rows, bin_count (k); of a rest with fewer than 5 expected rows, else
                     NULL: rest_reference_share and rest_current_share (not smoothed, of all rows), rest_bin (the bin of it with the most
                     rows), is_rest_detected (0 or 1: beyond chance); and, NULL if k < 2,
      psi            sum (p - q) ln(p / q)
      psi_excess     psi less its expectation under no drift; psi_noise: the 0.9995 quantile of the excess under no drift
      psi_p_value    chance of a PSI at least so large under no drift, before any baseline variation of the column
      js_distance    Jensen-Shannon distance, base 2: 0 to 1
      hellinger      Hellinger distance: 0 to 1
      tv, linf       total variation (half the sum of |p - q|) and the largest |p - q|: 0 to 1
      chi2           Pearson's statistic of the table of two rows, k - 1 degrees of freedom; cramers_v: sqrt(chi2 / (n + m)), 0 to 1
      top_bin        the bin that contributes most, with top_bin_reference_share and top_bin_current_share (not smoothed)
      counter_bin    the bin that contributes most of those that moved the other way, with its shares; NULL if there is none
  Source: STATISTICS, "Distances", "Pooling and noise"; quantiles from the seed ml_chi_square_quantiles.
-#}
{% macro distances_from_counts(counts, keys, prefix='psi', own_count=none) -%}
{%- set by_key = keys | join(', ') -%}
{%- set whole, all_whole = ('whole_count', 'all_whole_rows') if own_count else ('reference_count', 'all_reference_rows') -%}
{%- set contribution = '(current_share - reference_share) * ln(current_share / reference_share)' -%}
{#- Rounded, so that engines order equal ones alike. -#}
{%- set size = 'floor(1e10 * coalesce(' ~ contribution ~ ', -1) + 0.5)' -%}
{%- set unit = '(1 / nullif(current_rows, 0) + 1 / nullif(reference_rows, 0))' -%}
{%- set is_small = 'all_current_rows * ' ~ whole ~ ' < 5 * ' ~ all_whole -%}
{%- set counter = 'case when top_bin_current_share > top_bin_reference_share then fallen_* else risen_* end' -%}
{%- set half = ml_monitor.least_of([700, ml_monitor.greatest_of(['1e-300', 'contribution_sum / ' ~ unit ~ ' / 2'])]) -%}
{{ prefix }}_totals as (

    select
        {{ by_key }}, bin, is_pooled,
        {{ ml_monitor.float64('reference_count') }} as reference_count,
        {{ ml_monitor.float64('current_count') }} as current_count,
        {{ ml_monitor.float64('sum(reference_count) over (partition by ' ~ by_key ~ ')') }} as all_reference_rows,
        {%- if own_count %}
        {{ ml_monitor.float64('reference_count + ' ~ own_count) }} as whole_count,
        {{ ml_monitor.float64('sum(reference_count + ' ~ own_count ~ ') over (partition by ' ~ by_key ~ ')') }} as all_whole_rows,
        {%- endif %}
        {{ ml_monitor.float64('sum(current_count) over (partition by ' ~ by_key ~ ')') }} as all_current_rows
    from {{ counts }}

),

{{ prefix }}_pooled as (

    select
        {{ by_key }}, bin,
        max(all_reference_rows) as all_reference_rows,
        max(all_current_rows) as all_current_rows,
        {%- if own_count %}
        max(all_whole_rows) as all_whole_rows,
        sum(whole_count) as whole_count,
        {%- endif %}
        sum(reference_count) as reference_count,
        sum(current_count) as current_count,
        {{ ml_monitor.largest_of('current_count', 'own_bin') }} as largest
    from (
        select
            {{ by_key }}, bin as own_bin, all_reference_rows, all_current_rows, reference_count, current_count,
            {%- if own_count %}
            all_whole_rows, whole_count,
            {%- endif %}
            case
                when not is_pooled and {{ whole }} >= 50 and all_current_rows * {{ whole }} >= 5 * {{ all_whole }} then bin
                else -99
            end as bin
        from {{ prefix }}_totals
        where all_reference_rows > 0 and all_current_rows > 0 and (reference_count > 0 or current_count > 0)
    ) as pooled
    group by {{ by_key }}, bin

),

-- A rest that is too small for a bin is one all the same if chance does not explain its rows.
{{ prefix }}_kept as (

    select
        *,
        sum(is_kept) over (partition by {{ by_key }}) as bin_count,
        sum(is_kept * reference_count) over (partition by {{ by_key }}) as reference_rows,
        sum(is_kept * current_count) over (partition by {{ by_key }}) as current_rows
    from (
        select
            *,
            case when bin = -99 and {{ is_small }} then 1 else 0 end as is_small_rest,
            case when bin = -99 and {{ is_small }} and not {{ ml_monitor.is_beyond_chance(
                'current_count', 'reference_count', 'all_current_rows', 'all_reference_rows'
            ) }} then 0 else 1 end as is_kept
        from {{ prefix }}_pooled
    ) as judged

),

{{ prefix }}_shares as (

    select
        *,
        case when is_kept = 1 then (reference_count + 0.5) / (reference_rows + 0.5 * bin_count) end as reference_share,
        case when is_kept = 1 then (current_count + 0.5) / (current_rows + 0.5 * bin_count) end as current_share,
        case when is_kept = 1 then current_count / nullif(current_rows, 0) end as p,
        case when is_kept = 1 then reference_count / nullif(reference_rows, 0) end as q
    from {{ prefix }}_kept

),

{{ prefix }}_bins as (

    select
        *,
        {{ contribution }} as contribution,
        sum({{ contribution }}) over (partition by {{ by_key }}) as contribution_sum,
        row_number() over (partition by {{ by_key }} order by {{ size }} desc, bin) as contribution_rank,
        row_number() over (
            partition by {{ by_key }}, case when p > q then 1 when p < q then -1 else 0 end order by {{ size }} desc, bin
        ) as direction_rank
    from {{ prefix }}_shares

),

{{ ml_monitor.chi_square_terms(prefix ~ '_terms') }}

{{ prefix }}_sums as (

    select
        {{ by_key }},
        max(reference_rows) as reference_rows,
        max(current_rows) as current_rows,
        max(all_reference_rows) as all_reference_rows,
        max(all_current_rows) as all_current_rows,
        max(bin_count) as bin_count,
        sum(is_small_rest * reference_count) / max(all_reference_rows) as rest_reference_share,
        sum(is_small_rest * current_count) / max(all_current_rows) as rest_current_share,
        max(case when is_small_rest = 1 then largest end) as rest_largest,
        max(is_small_rest * is_kept) as is_rest_detected,
        min(case when bin = -99 then is_small_rest else 1 end) as has_small_rest,
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
        {%- for name, value in {'bin': 'bin', 'bin_reference_share': 'q', 'bin_current_share': 'p'}.items() %}
        max(case when contribution_rank = 1 then {{ value }} end) as top_{{ name }},
        max(case when direction_rank = 1 and p > q then {{ value }} end) as risen_{{ name }},
        max(case when direction_rank = 1 and p < q then {{ value }} end) as fallen_{{ name }}{{ ',' if not loop.last }}
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
        cast(all_reference_rows as bigint) as reference_rows,
        cast(all_current_rows as bigint) as current_rows,
        cast(case when current_rows > 0 then bin_count else 0 end as int) as bin_count,
        case when has_small_rest = 1 then rest_reference_share end as rest_reference_share,
        case when has_small_rest = 1 then rest_current_share end as rest_current_share,
        is_rest_detected,
        {{ ml_monitor.bin_of_largest('rest_largest') }} as rest_bin,
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
            'top_bin_reference_share': 'top_bin_reference_share',
            'top_bin_current_share': 'top_bin_current_share',
            'counter_bin': counter.replace('*', 'bin'),
            'counter_bin_reference_share': counter.replace('*', 'bin_reference_share'),
            'counter_bin_current_share': counter.replace('*', 'bin_current_share'),
        }.items() %}
        case when bin_count > 1 and current_rows > 0 then {{ value }} end as {{ name }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ prefix }}_sums
    left join {{ ml_monitor.aliased(ref('ml_monitor', 'ml_chi_square_quantiles'), 'quantiles') }} on bin_count - 1 = degrees_of_freedom

),
{%- endmacro %}

{#-
  What the score of a binary task is worth, and whether rows without a label have other scores than those with one, as CTEs for
  <m>__performance: totals only, by window and version.

  Arguments: rollup (relation <m>__hourly_outcomes); the CTE window_days must be there.
  CTEs: ends in `score_performance`: window_grain, window_start, model_version, what ranking_from_cells gives, and
    expected_calibration_error, |mean label - mean score| over the slots of the score, weighted by their rows;
    NULL where the score is no probability, of which the rollup has no errors; label_selection_psi, the PSI of the slots between rows with
    and without a label, less its expectation under no difference, and label_selection_noise, its 0.9995 quantile then;
    reweighted_accuracy, the accuracy of labelled rows where each slot weighs as much as it has rows, with a label or without (post-
    stratification).
  Source: Guo et al. (2017) for the calibration error; its bins are the frozen slots of the score here.
-#}
{% macro score_performance(rollup) -%}
{%- set keys = ['window_grain', 'window_start', 'model_version'] -%}
{%- set version = ml_monitor.version_or_all() -%}
{%- set row_noise = '(1 / nullif(ranking.positive_count + ranking.negative_count, 0) + 1 / nullif(ranking.unlabelled_count, 0))' -%}
day_scores as (

    select
        {{ ml_monitor.truncate('day', 'r.window_start') }} as day,
        {{ version }} as model_version,
        r.score_slot,
        r.score_cell,
        sum(case when r.label = '1' then r.labelled_count else 0 end) as positive_count,
        sum(case when r.label <> '1' then r.labelled_count else 0 end) as negative_count,
        sum(r.row_count - r.labelled_count) as unlabelled_count,
        sum(case when r.prediction = r.label then r.labelled_count else 0 end) as correct_count,
        sum(r.error_count) as error_count,
        sum(r.error_sum) as error_sum
    from {{ ml_monitor.aliased(rollup, 'r') }}
    cross join (select 0 as is_apart union all select 1 as is_apart) as versions
    where r.segment_name = '__all__' and r.label <> '__none__' and r.score_slot >= 0
    group by {{ ml_monitor.truncate('day', 'r.window_start') }}, {{ version }}, r.score_slot, r.score_cell

),

score_cells as (

    select
        w.window_grain,
        w.window_start,
        d.model_version,
        d.score_slot as slot,
        d.score_cell as cell,
        {{ ml_monitor.float64('sum(d.positive_count)') }} as positive_count,
        {{ ml_monitor.float64('sum(d.negative_count)') }} as negative_count,
        {{ ml_monitor.float64('sum(d.unlabelled_count)') }} as unlabelled_count,
        {{ ml_monitor.float64('sum(d.correct_count)') }} as correct_count,
        sum(d.error_count) as error_count,
        -- Of the slot, shared among its cells.
        abs(sum(sum(d.error_sum)) over slots) / count(*) over slots as slot_error
    from window_days as w
    inner join day_scores as d on w.day = d.day
    group by w.window_grain, w.window_start, d.model_version, d.score_slot, d.score_cell
    window slots as (partition by w.window_grain, w.window_start, d.model_version, d.score_slot)

),

-- Of a slot its term of the PSI, shared among its cells: slot_part is what one of them has. Half a row is added to each slot, so that an
-- empty one has a logarithm.
score_terms as (

    select
        *,
        (labelled_share - unlabelled_share) * ln(labelled_share / unlabelled_share) * slot_part as selection_psi,
        case when slot_labelled > 0 then (slot_labelled + slot_unlabelled) * slot_part end as weighed_count,
        (slot_labelled + slot_unlabelled) * slot_part * slot_correct / nullif(slot_labelled, 0) as weighed_correct
    from (
        select
            *,
            (slot_labelled + 0.5)
            / (sum(positive_count + negative_count) over whole + 0.5 * sum(slot_part) over whole) as labelled_share,
            (slot_unlabelled + 0.5) / (sum(unlabelled_count) over whole + 0.5 * sum(slot_part) over whole) as unlabelled_share
        from (
            select
                *,
                sum(positive_count + negative_count) over slots as slot_labelled,
                sum(unlabelled_count) over slots as slot_unlabelled,
                sum(correct_count) over slots as slot_correct,
                {{ ml_monitor.float64(1) }} / count(*) over slots as slot_part
            from score_cells
            window slots as (partition by window_grain, window_start, model_version, slot)
        ) as slots
        window whole as (partition by window_grain, window_start, model_version)
    ) as shares

),

{{ ml_monitor.ranking_from_cells('score_terms', keys, 'score_ranking', [
    'error_count', 'slot_error', 'unlabelled_count', 'selection_psi', 'slot_part', 'weighed_count', 'weighed_correct',
]) }}

score_performance as (

    select
        ranking.*,
        ranking.slot_error / nullif(ranking.error_count, 0) as expected_calibration_error,
        ranking.selection_psi - (ranking.slot_part - 1) * {{ row_noise }} as label_selection_psi,
        ranking.weighed_correct / nullif(ranking.weighed_count, 0) as reweighted_accuracy,
        (quantiles.quantile_9995 - (ranking.slot_part - 1)) * {{ row_noise }} as label_selection_noise
    from score_ranking as ranking
    left join {{ ml_monitor.aliased(ref('ml_monitor', 'ml_chi_square_quantiles'), 'quantiles') }}
        on cast(floor(ranking.slot_part + 0.5) as int) - 1 = quantiles.degrees_of_freedom

),
{%- endmacro %}

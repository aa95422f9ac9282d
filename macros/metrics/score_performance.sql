{#-
  What the score of a binary task is worth, as CTEs for <m>__performance: totals only, by window and version.

  Arguments: rollup (relation <m>__hourly_outcomes); the CTE window_days must be there.
  CTEs: ends in `score_performance`: window_grain, window_start, model_version, what ranking_from_cells gives, and
    expected_calibration_error, |mean label - mean score| over the slots of the score, weighted by their rows;
    NULL where the score is no probability, of which the rollup has no errors.
  Source: Guo et al. (2017) for the calibration error; its bins are the frozen slots of the score here.
-#}
{% macro score_performance(rollup) -%}
{%- set keys = ['window_grain', 'window_start', 'model_version'] -%}
{%- set version = ml_monitor.version_or_all() -%}
day_scores as (

    select
        {{ ml_monitor.truncate('day', 'r.window_start') }} as day,
        {{ version }} as model_version,
        r.score_slot,
        r.score_cell,
        sum(case when r.label = '1' then r.labelled_count else 0 end) as positive_count,
        sum(case when r.label <> '1' then r.labelled_count else 0 end) as negative_count,
        sum(r.error_count) as error_count,
        sum(r.error_sum) as error_sum
    from {{ ml_monitor.aliased(rollup, 'r') }}
    cross join (select 0 as is_apart union all select 1 as is_apart) as versions
    where r.segment_name = '__all__' and r.labelled_count > 0 and r.score_slot >= 0
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
        sum(d.error_count) as error_count,
        -- Of the slot, shared among its cells.
        abs(sum(sum(d.error_sum)) over slots) / count(*) over slots as slot_error
    from window_days as w
    inner join day_scores as d on w.day = d.day
    group by w.window_grain, w.window_start, d.model_version, d.score_slot, d.score_cell
    window slots as (partition by w.window_grain, w.window_start, d.model_version, d.score_slot)

),

{{ ml_monitor.ranking_from_cells('score_cells', keys, 'score_ranking', ['error_count', 'slot_error']) }}

score_performance as (

    select *, slot_error / nullif(error_count, 0) as expected_calibration_error from score_ranking

),
{%- endmacro %}

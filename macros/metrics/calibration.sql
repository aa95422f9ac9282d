{#-
  How often a prediction turned out positive (of a multiclass task: right) in each serving baseline, of all rows and of each segment, by
  predicted class and bin of the score, as CTEs ending in `calibration`: baseline_since, segment_name, segment_value, prediction, score_bin,
  positive_rate (0 to 1). A bin with fewer than 50 labels is pooled with two bins on each side; with fewer still it has no row.

  Arguments: spec, rollup (relation <m>__hourly_outcomes); the CTE label_baseline_days must be there.
  Source: NannyML (confidence-based performance estimation), with bins instead of isotonic regression; by segment as multicalibration
    (Hebert-Johnson et al. 2018) asks.
-#}
{% macro calibration(spec, rollup) -%}
{%- set keys = ['baseline_since', 'segment_name', 'segment_value', 'prediction'] -%}
{%- set around = 'over (partition by ' ~ keys | join(', ') ~ ' order by score_bin rows between 2 preceding and 2 following)' -%}
{%- set is_positive = "r.label = '1'" if spec.task == 'binary' else 'r.label = r.prediction' -%}
calibration_counts as (

    select
        days.baseline_since,
        r.segment_name,
        r.segment_value,
        r.prediction,
        {{ ml_monitor.score_bin('r.score_slot') }} as score_bin,
        {{ ml_monitor.float64('sum(case when ' ~ is_positive ~ ' then r.labelled_count else 0 end)') }} as positive_count,
        sum(r.labelled_count) as labelled_count
    from {{ ml_monitor.aliased(rollup, 'r') }}
    inner join label_baseline_days as days on {{ ml_monitor.truncate('day', 'r.window_start') }} = days.window_start
    where r.segment_name <> '__cells__' and r.labelled_count > 0 and r.score_slot >= 0
    group by days.baseline_since, r.segment_name, r.segment_value, r.prediction, {{ ml_monitor.score_bin('r.score_slot') }}

),

calibration as (

    select
        {{ keys | join(', ') }},
        score_bin,
        case when labelled_count >= 50 then positive_count / labelled_count else near_positive_count / near_labelled_count end
            as positive_rate
    from (
        select
            *,
            sum(positive_count) {{ around }} as near_positive_count,
            sum(labelled_count) {{ around }} as near_labelled_count
        from calibration_counts
    ) as pooled
    where near_labelled_count >= 50

),
{%- endmacro %}

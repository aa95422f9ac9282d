{#-
  How late labels were in the serving baseline, as the CTE `arrival_curve` of <m>__performance: baseline_since, label_age_hours (0 and
  label_delays up to the horizon), still_coming_share (0 to 1): of the predictions that had no label after so many hours, those that got one
  later. A label without a time counts as there from the start.

  Arguments: spec, rollup (relation <m>__hourly_outcomes); the CTE label_baseline_days must be there.
  Source: Kaplan and Meier (1958), over the delays that label_delays has.
-#}
{% macro label_arrivals(spec, rollup) -%}
{%- set ages = [[0]] -%}
{%- for hours in ml_monitor.label_delays(spec) if hours <= spec.label_horizon_hours -%}{%- do ages.append([hours]) -%}{%- endfor -%}
arrivals as (

    select
        days.baseline_since,
        ages.label_age_hours,
        sum(case when r.label_delay_hours > ages.label_age_hours then r.labelled_count else 0 end) as later_count,
        sum(r.row_count - r.labelled_count) as unlabelled_count
    from {{ ml_monitor.aliased(rollup, 'r') }}
    inner join label_baseline_days as days on {{ ml_monitor.truncate('day', 'r.window_start') }} = days.window_start
    cross join (
        {{ ml_monitor.values_list(['label_age_hours'], ages) | indent(8) }}
    ) as ages
    where r.segment_name = '__all__'
    group by days.baseline_since, ages.label_age_hours

),

arrival_curve as (

    select
        baseline_since,
        label_age_hours,
        coalesce({{ ml_monitor.ratio('later_count', '(later_count + unlabelled_count)') }}, 0) as still_coming_share
    from arrivals

),
{%- endmacro %}

{#-
  What the baseline holds. It stands before the windows to write, which it decides on.

  Arguments: spec (dict of monitor_spec), rollup (relation <m>__hourly_outcomes), baseline_windows (relation).
  CTEs:
    label_counts          window_start (UTC day), segment_name, segment_value, label_bin (class, or slot), row_count: labelled predictions
    label_periods         as baseline_periods has them
    label_baseline_days   baseline_since, window_start
    label_baseline        one row: baseline_state, a text that changes if and only if these days, or counts of their labels, do; NULL
                          without any
-#}
{% macro label_baseline(spec, rollup, baseline_windows) -%}
{%- set text = ml_monitor.text_type() -%}
{%- set label_bin = 'label_slot' if spec.task == 'regression' else 'label' -%}
{%- set content = "cast(c.window_start as " ~ text
    ~ ") || '|' || c.segment_name || '|' || c.segment_value || '|' || cast(c.label_bin as " ~ text
    ~ ") || '|' || cast(c.row_count as " ~ text ~ ")"
    ~ (" || '|' || cast(b.baseline_since as " ~ text ~ ")" if ml_monitor.has_expected_changes()) -%}
label_counts as (

    select
        {{ ml_monitor.truncate('day', 'window_start') }} as window_start,
        segment_name,
        segment_value,
        {{ label_bin }} as label_bin,
        sum(labelled_count) as row_count
    from {{ rollup }}
    where segment_name <> '__cells__' and labelled_count > 0{{ ' and label_slot >= 0' if spec.task == 'regression' }}
    group by {{ ml_monitor.truncate('day', 'window_start') }}, segment_name, segment_value, {{ label_bin }}

),

{{ ml_monitor.baseline_periods(spec.name, ['drift'], 'label_periods') }}

-- A day whose labels are still to come is no measure for others.
label_baseline_days as (

    select periods.baseline_since, days.window_start
    from {{ ml_monitor.aliased(baseline_windows, 'days') }}
    inner join label_periods as periods on days.baseline_since = periods.baseline_since and days.window_start < periods.period_end
    where days.is_baseline and days.model_version = '__all__' and {{ ml_monitor.mature_at(spec, 'days.window_end') }}

),

label_baseline as (

    select
        cast(count(distinct c.window_start) as {{ text }}) || ' days from ' || cast(min(c.window_start) as {{ text }})
        || ' to ' || cast(max(c.window_start) as {{ text }})
        || ', labels ' || cast(sum({{ ml_monitor.key_hash(content) }}) as {{ text }}) as baseline_state
    from label_counts as c
    inner join label_baseline_days as b on c.window_start = b.window_start

),
{%- endmacro %}

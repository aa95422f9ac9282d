{#-
  What the season expects: the rows of the same hour of the clock and the week of the up to four weeks before, none of them from before an
  expected change. CTEs for volume_select, after periods and spine.

  Arguments: spec (dict of monitor_spec), grains (list of strings), few (int: expected rows from which an hour without any is missing).
  CTEs: seasons (window_grain, window_start, seasonal_weeks: of the four before how many are known, seasonal_expected_rows: their mean,
    missing_hours). Of a sampled log the mean of the requests, at the sampling fraction of the hour, and sampling_fraction: that of the rows
    of the hour, or of the newest hour with rows before it.
-#}
{% macro seasons_ctes(spec, grains, few) -%}
{%- set is_sampled = ml_monitor.sampling_weight(spec) is not none -%}
{%- set hours = 'scaled_spine as spine' if is_sampled else 'spine' -%}
{% if is_sampled -%}
scaled_spine as (

    select
        spine.hour,
        spine.row_count,
        case when spine.row_count > 0 then r.scaled_current_rows else 0 end as scaled_rows,
        r.current_rows / r.scaled_current_rows as sampling_fraction
    from spine
    left join {{ ml_monitor.aliased(ref(spec.name ~ '__hourly_volume'), 'r') }}
        on spine.newest_row_hour = r.window_start and r.model_version = '__all__' and r.segment_name = '__all__'

),

{% endif -%}
-- Hours of the clock since the first row: where summer time begins one is missing, and where it ends two share one, as their mean.
clock_hours as (

    select
        {{ ml_monitor.local_hour('spine.hour', spec.time_zone) }} as local_hour,
        periods.baseline_since,
        avg({{ ml_monitor.float64('spine.row_count') }}) as row_count
        {{- ', avg(spine.scaled_rows) as scaled_rows' if is_sampled }}
    from {{ hours }}
    inner join periods on spine.hour >= periods.period_start and spine.hour < periods.period_end
    where spine.hour >= (select min(hour) from rollup_hours where row_count > 0)
    group by {{ ml_monitor.local_hour('spine.hour', spec.time_zone) }}, periods.baseline_since

),

seasonal_hours as (

    select
        spine.hour,
        spine.row_count,
        count(earlier.row_count) as seasonal_weeks,
        {%- if is_sampled %}
        spine.sampling_fraction,
        {%- endif %}
        {{ 'avg(earlier.scaled_rows) * spine.sampling_fraction' if is_sampled else 'avg(earlier.row_count)' }}
            as seasonal_expected_rows
    from {{ hours }}
    inner join periods on spine.hour >= periods.period_start and spine.hour < periods.period_end
    left join (
        select
            {{ ml_monitor.add_hours('clock_hours.local_hour', '168 * weeks.week') }} as local_hour,
            clock_hours.baseline_since,
            clock_hours.row_count{{ ', clock_hours.scaled_rows' if is_sampled }}
        from clock_hours
        cross join (select 1 as week union all select 2 union all select 3 union all select 4) as weeks
    ) as earlier
        on
            {{ ml_monitor.local_hour('spine.hour', spec.time_zone) }} = earlier.local_hour
            and periods.baseline_since = earlier.baseline_since
    group by spine.hour, spine.row_count{{ ', spine.sampling_fraction' if is_sampled }}

),

seasons as (

    select
        grains.window_grain,
        {{ ml_monitor.grain_start('h.hour', grains) }} as window_start,
        min(h.seasonal_weeks) as seasonal_weeks,
        sum(h.seasonal_expected_rows) as seasonal_expected_rows,
        {%- if is_sampled %}
        max(h.sampling_fraction) as sampling_fraction,
        {%- endif %}
        sum(case when h.seasonal_weeks >= 3 and h.seasonal_expected_rows >= {{ few }} and h.row_count = 0 then 1 else 0 end)
            as missing_hours
    from seasonal_hours as h
    cross join {{ ml_monitor.grains(grains) }} as grains
    group by grains.window_grain, {{ ml_monitor.grain_start('h.hour', grains) }}

),
{%- endmacro %}

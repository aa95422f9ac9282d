{#-
  What the season expects of each hour: CTEs for volume_select, after spine.

  Arguments: spec (dict of monitor_spec).
  CTEs: seasonal_hours (hour, row_count, seasonal_weeks: of the four before how many are known, seasonal_expected_rows: their mean at the
    same hour of the clock and the week. Of a sampled log the mean of the requests, at the sampling fraction of the hour, and
    sampling_fraction: that of the rows of the hour, or of the newest hour with rows before it).
-#}
{% macro seasonal_hours_ctes(spec) -%}
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
        {{ ml_monitor.local_hour('hour', spec.time_zone) }} as local_hour,
        avg({{ ml_monitor.float64('row_count') }}) as row_count
        {{- ', avg(scaled_rows) as scaled_rows' if is_sampled }}
    from {{ hours }}
    where hour >= (select min(hour) from rollup_hours where row_count > 0)
    group by {{ ml_monitor.local_hour('hour', spec.time_zone) }}

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
    left join (
        select
            {{ ml_monitor.add_hours('clock_hours.local_hour', '168 * weeks.week') }} as local_hour,
            clock_hours.row_count{{ ', clock_hours.scaled_rows' if is_sampled }}
        from clock_hours
        cross join (select 1 as week union all select 2 union all select 3 union all select 4) as weeks
    ) as earlier on {{ ml_monitor.local_hour('spine.hour', spec.time_zone) }} = earlier.local_hour
    group by spine.hour, spine.row_count{{ ', spine.sampling_fraction' if is_sampled }}

),
{%- endmacro %}

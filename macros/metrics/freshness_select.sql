{#- The select of the group `freshness`. Arguments: spec (dict of monitor_spec). -#}
{% macro freshness_select(spec) -%}
    {%- set grains = ['hour', 'day'] -%}
    {%- set lag_steps = ml_monitor.half_hours('lag_quantiles.p1') -%}
with

row_hours as (

    select
        r.window_start as hour,
        r.current_rows,
        r.late_rows,
        r.newest_event_time,
        r.newest_ingest_time,
        lag(r.window_start) over (order by r.window_start) as previous_hour
    from {{ ml_monitor.aliased(ref(spec.name ~ '__hourly_volume'), 'r') }}
    where r.model_version = '__all__' and r.segment_name = '__all__' and r.current_rows > 0

),

spine_hours as (

    select
        spine.hour,
        coalesce(row_hours.current_rows, 0) as current_rows,
        coalesce(row_hours.late_rows, 0) as late_rows,
        max(row_hours.newest_event_time) over (order by spine.hour) as newest_event_time,
        max(row_hours.newest_ingest_time) over (order by spine.hour) as newest_ingest_time,
        case
            when row_hours.hour is null then {{ ml_monitor.minutes_between('spine.newest_row_hour', 'spine.hour') }} / 60
            else {{ ml_monitor.minutes_between('row_hours.previous_hour', 'row_hours.hour') }} / 60 - 1
        end as gap_hours
    from spine
    left join row_hours on spine.hour = row_hours.hour

),

counted as (

    select
        grains.window_grain,
        {{ ml_monitor.grain_start('h.hour', grains) }} as window_start,
        sum(h.current_rows) as current_rows,
        sum(h.late_rows) as late_rows,
        max(h.newest_event_time) as newest_event_time,
        max(h.newest_ingest_time) as newest_ingest_time,
        max(h.gap_hours) as longest_gap_hours
    from spine_hours as h
    cross join {{ ml_monitor.grains(grains) }} as grains
    group by grains.window_grain, {{ ml_monitor.grain_start('h.hour', grains) }}

),

{{ ml_monitor.clock_cells(spec, 'lag_counts', '__ingest_lag_minutes__', 'freshness_windows', ['window_grain', 'window_start']) }}

{{ ml_monitor.quantiles_from_cells('lag_counts', ['window_grain', 'window_start'], {'p1': 0.01, 'p50': 0.5, 'p95': 0.95},
    'lag_quantiles') }}

measured as (

    select
        w.window_grain,
        w.window_start,
        w.window_end,
        counted.current_rows,
        counted.late_rows,
        counted.newest_event_time,
        counted.newest_ingest_time,
        {{ ml_monitor.greatest_of([0, ml_monitor.minutes_between('counted.newest_event_time', 'w.window_end')]) }} as event_age_minutes,
        {{ ml_monitor.greatest_of([0, ml_monitor.minutes_between('counted.newest_ingest_time', 'w.window_end')]) }} as ingest_age_minutes,
        {%- for name in ['p1', 'p50', 'p95'] %}
        lag_quantiles.{{ name }} as ingest_lag_{{ name }}_minutes,
        {%- endfor %}
        {#- Nearly every row is late by the same whole number of half hours: that is no queue. #}
        case
            when lag_quantiles.p1 between 55 and 850 and abs(lag_quantiles.p1 - 30 * {{ lag_steps }}) <= 5 then {{ lag_steps }} / 2
        end as time_zone_shift_hours,
        {{ ml_monitor.bounded_ratio('late_share', 'counted.late_rows', 'counted.current_rows') }},
        counted.longest_gap_hours
    from freshness_windows as w
    inner join counted on w.window_grain = counted.window_grain and w.window_start = counted.window_start
    left join lag_quantiles on w.window_grain = lag_quantiles.window_grain and w.window_start = lag_quantiles.window_start

),

{{ ml_monitor.group_select(spec, 'freshness', 'measured', ['window_grain', 'window_start']) }}
{%- endmacro %}

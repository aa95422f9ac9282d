{#-
  The group `freshness` of <m>__window_metrics: how old the data was when each hour and day ended, how long rows take to arrive, and where
  there are
  holes, by the rows known now.

  Arguments: spec (dict of monitor_spec).
  Returns: CTEs ending in `freshness_windows`, the windows to write. Columns: freshness_columns; ages and lags in minutes, gaps in hours,
  late_rate
  is a share of current rows (99.9 % Wilson bounds).
-#}
{% macro freshness_windows(spec) -%}
    {%- set fold_before = ml_monitor.fold_before(spec) -%}
-- Ages and gaps look back, so a change reaches every window after it.
freshness_windows as (

    select windows.window_grain, windows.window_start, windows.window_end
    from windows
    where
        {{ ml_monitor.is_kept_hour(fold_before) }}
        {%- if ml_monitor.is_incremental() %}
        and windows.window_start >= (
            select min(touched.window_start)
            from windows as touched
            where
                {{ ml_monitor.is_kept_hour(fold_before, 'touched') }}
                and (
                    {{ ml_monitor.is_touched(ml_monitor.declaration_hash(spec, 'freshness'), "built.metric_group = 'freshness'",
                        'touched') | indent(20) }}
                )
        )
        {%- endif %}

),
{%- endmacro %}


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

-- A day also has the counts that were folded into it.
lag_counts as (

    select
        w.window_grain,
        w.window_start,
        p.slot,
        p.cell,
        sum(p.row_count) as row_count,
        sum(p.z_sum) as z_sum
    from {{ ml_monitor.aliased(ref(spec.name ~ '__hourly_profile'), 'p') }}
    cross join {{ ml_monitor.grains(grains) }} as grains
    inner join freshness_windows as w
        on grains.window_grain = w.window_grain and {{ ml_monitor.grain_start('p.window_start', grains) }} = w.window_start
    where
        p.column_name = '__ingest_lag_minutes__'
        and p.segment_name = '__all__'
        and p.slot >= 0
        and (grains.window_grain = 'day' or p.window_grain = 'hour')
    group by w.window_grain, w.window_start, p.slot, p.cell

),

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


{#- The columns of the group `freshness` of <m>__window_metrics. -#}
{% macro freshness_columns() %}
    {%- do return(ml_monitor.listed_columns([
        ['freshness_id', 'string', 'md5 of monitor, window_grain and window_start.'],
        'monitor', 'window_grain', 'window_start', 'window_end',
        ['model_version, segment_name, segment_value', 'Always `__all__`.'],
        ['current_rows', 'Rows of the window, without duplicates and quarantined ones.'],
        'late_rows',
        ['newest_event_time', 'timestamp', 'Newest event time up to the end of the window (UTC).'],
        ['newest_ingest_time', 'timestamp', 'Newest ingest time of the rows up to the end of the window (UTC).'],
        ['event_age_minutes', 'double', 'Minutes from newest_event_time to window_end, 0 or more.'],
        ['ingest_age_minutes', 'double', 'Minutes from newest_ingest_time to window_end, 0 or more.'],
        ['ingest_lag_p1_minutes', 'double', '1st percentile of the minutes from event to ingest, within about 3 %; NULL without rows.'],
        ['ingest_lag_p50_minutes', 'double', 'Median of the minutes from event to ingest, within about 3 %; NULL without rows.'],
        ['ingest_lag_p95_minutes', 'double', '95th percentile of the minutes from event to ingest, within about 3 %; NULL without rows.'],
        ['time_zone_shift_hours', 'double', 'Hours, in halves, that nearly all rows are late by, if it is the same number, 1 to 14; else '
            'NULL.'],
        ['late_share', 'bounded', 'late_rows / current_rows (0 to 1).'],
        ['longest_gap_hours', 'double', 'Longest run of hours without rows that touches the window, in hours; NULL in the window of the '
            'first row.'],
        'rebuild_key', 'declaration_hash', 'ml_batch',
    ])) -%}
{% endmacro %}

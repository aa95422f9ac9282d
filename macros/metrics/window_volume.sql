{#-
  The group `volume` of <m>__window_metrics: how many rows each hour and day brought, what became of them, and whether all of them are
  accounted for.

  Expected rows are the mean of the serving baseline: for a day over its days, for an hour over the same local hour of them. Seasonal
  expected rows are the mean of the same local hour (or weekday) of the up to four weeks before, if there are three; totals only.

  Arguments: spec (dict of monitor_spec).
  Returns: CTEs ending in `volume_windows`, the windows to write, with day_count (of the baseline) and
  baseline_state. Columns: volume_columns; counts are rows, rates are shares of
  logged_rows (error_rate of current_rows), with 99.9 % Wilson bounds. missing_hours are hours without rows that bring 20 or more in the
  season; lost
  segments are values without rows that bring 20 or more a day in the baseline. unreconciled_rows is |rows ingested in the window in
  staging - in
  the log|, 0 when nothing was lost or invented.
-#}
{% macro volume_windows(spec) -%}
    {%- set rollup = ref(spec.name ~ '__hourly_volume') -%}
    {%- set text = ml_monitor.text_type() -%}
    {%- set is_group = "built.metric_group = 'volume'" -%}
baseline_days as (

    select window_start from {{ ref(spec.name ~ '__baseline_windows') }} where is_baseline and model_version = '__all__'

),

-- Expected rows come from the baseline, and seasons begin with the first row: a change of either changes every window.
baseline_state as (

    select
        made.*
        {%- if ml_monitor.is_incremental() %},
        (select count(*) from {{ this }} as built where {{ is_group }} and built.baseline_state <> made.baseline_state) as outdated_rows
        {%- endif %}
    from (
        select
            count(distinct baseline_days.window_start) as day_count,
            cast(count(*) as {{ text }}) || ' days to ' || coalesce(cast(max(baseline_days.window_start) as {{ text }}), 'none')
            || ', batch ' || coalesce(cast(max(h.ml_batch) as {{ text }}), 'none')
            || ', rows from ' || coalesce((select cast(min(hour) as {{ text }}) from rollup_hours where row_count > 0), 'none')
                as baseline_state
        from baseline_days
        left join rollup_hours as h on {{ ml_monitor.truncate('day', 'h.hour') }} = baseline_days.window_start
    ) as made

),

{% if ml_monitor.is_incremental() -%}
-- Days that have a rebuilt hour in their season; an hour more or less where summer time began or ended between.
later_days as (

    select distinct {{ ml_monitor.truncate('day', ml_monitor.add_hours('rollup_hours.hour', 'shifts.hours')) }} as day
    from rollup_hours
    cross join (
        {%- for week in range(1, 5) %}{%- for change in [-1, 0, 1] %}
        select {{ 168 * week + change }} as hours{{ ' union all' if not (week == 4 and change == 1) }}
        {%- endfor %}{%- endfor %}
    ) as shifts
    where rollup_hours.ml_batch > (select coalesce(max(built.ml_batch), 0) from {{ this }} as built where {{ is_group }})

),

-- Days whose raw rows became fewer or more without a row that the log could take: its batch does not say so.
lost_days as (

    select {{ ml_monitor.truncate('day', 'counted.window_start') }} as day
    from {{ ml_monitor.aliased(rollup, 'counted') }}
    inner join {{ this }} as built on counted.window_start = built.window_start
    where
        counted.model_version = '__all__'
        and counted.segment_name = '__all__'
        and {{ is_group }}
        and built.window_grain = 'hour'
        and built.segment_name = '__all__'
        and counted.raw_ingested_rows <> built.raw_ingested_rows

),

{% endif -%}
volume_windows as (

    select windows.window_grain, windows.window_start, windows.window_end, baseline_state.day_count, baseline_state.baseline_state
    from windows
    cross join baseline_state
    {%- if ml_monitor.is_incremental() %}
    where
        {{ ml_monitor.is_touched(ml_monitor.declaration_hash(spec, 'volume'), is_group) | indent(8) }}
        or {{ ml_monitor.truncate('day', 'windows.window_start') }} in (select day from later_days union all select day from lost_days)
        or baseline_state.outdated_rows > 0
    {%- endif %}

),
{%- endmacro %}


{#- The select of the group `volume`. Arguments: spec (dict of monitor_spec). -#}
{% macro volume_select(spec) -%}
    {%- set rollup = ref(spec.name ~ '__hourly_volume') -%}
    {%- set grains = ['hour', 'day'] -%}
    {%- set local_hour = 'extract(hour from ' ~ ml_monitor.local_time('r.window_start', spec.time_zone) ~ ')' -%}
    {%- set counts = [
        'logged_rows', 'current_rows', 'duplicate_rows', 'quarantined_rows', 'exact_duplicate_rows', 'conflicting_duplicate_rows',
            'replayed_rows',
        'future_rows', 'error_rows', 'raw_ingested_rows', 'log_ingested_rows',
    ] -%}
    {%- set few = 20 -%}
with

-- Of a day over all hours, whose local_hour is -1.
expected as (

    select
        grains.window_grain,
        r.segment_name,
        r.segment_value,
        case grains.window_grain when 'hour' then {{ local_hour }} else -1 end as local_hour,
        sum(r.current_rows) as baseline_rows,
        sum(sum(case when r.segment_name = '__all__' then r.current_rows end)) over (partition by grains.window_grain) as total_rows
    from {{ ml_monitor.aliased(rollup, 'r') }}
    inner join baseline_days on {{ ml_monitor.truncate('day', 'r.window_start') }} = baseline_days.window_start
    cross join {{ ml_monitor.grains(grains) }} as grains
    where r.model_version = '__all__'
    group by grains.window_grain, r.segment_name, r.segment_value, case grains.window_grain when 'hour' then {{ local_hour }} else -1 end

),

counted as (

    select
        grains.window_grain,
        {{ ml_monitor.grain_start('r.window_start', grains) }} as window_start,
        r.segment_name,
        r.segment_value,
        {%- for name in counts %}
        sum(r.{{ name }}) as {{ name }},
        {%- endfor %}
        min(r.future_half_hours_min) as future_half_hours_min,
        max(r.future_half_hours_max) as future_half_hours_max
    from {{ ml_monitor.aliased(rollup, 'r') }}
    cross join {{ ml_monitor.grains(grains) }} as grains
    where r.model_version = '__all__'
    group by grains.window_grain, {{ ml_monitor.grain_start('r.window_start', grains) }}, r.segment_name, r.segment_value

),

lost_segments as (

    select
        window_start,
        count(*) as lost_segments,
        max(lost_share) as lost_segment_share,
        {{ ml_monitor.joined_texts("segment_name || ' ' || segment_value", "', '", ['segment_name', 'segment_value']) }}
            as lost_segment_names
    from (
        select
            d.window_start,
            e.segment_name,
            e.segment_value,
            sum(e.baseline_rows) over (partition by d.window_start, e.segment_name) / {{ ml_monitor.float64('e.total_rows') }} as lost_share
        from volume_windows as d
        inner join expected as e on d.window_grain = e.window_grain and e.total_rows > 0
        left join counted as c
            on
                d.window_grain = c.window_grain
                and d.window_start = c.window_start
                and e.segment_name = c.segment_name
                and e.segment_value = c.segment_value
        where
            d.window_grain = 'day'
            and e.segment_name <> '__all__'
            and e.baseline_rows >= {{ few }} * d.day_count
            and coalesce(c.current_rows, 0) = 0
    ) as lost
    group by window_start

),

-- Hours of the clock since the first row: where summer time begins one is missing, and where it ends two share one, as their mean.
clock_hours as (

    select {{ ml_monitor.local_hour('hour', spec.time_zone) }} as local_hour, avg({{ ml_monitor.float64('row_count') }}) as row_count
    from spine
    where hour >= (select min(hour) from rollup_hours where row_count > 0)
    group by {{ ml_monitor.local_hour('hour', spec.time_zone) }}

),

seasonal_hours as (

    select spine.hour, spine.row_count, count(earlier.row_count) as seasonal_weeks, avg(earlier.row_count) as seasonal_expected_rows
    from spine
    left join (
        select {{ ml_monitor.add_hours('clock_hours.local_hour', '168 * weeks.week') }} as local_hour, clock_hours.row_count
        from clock_hours
        cross join (select 1 as week union all select 2 union all select 3 union all select 4) as weeks
    ) as earlier on {{ ml_monitor.local_hour('spine.hour', spec.time_zone) }} = earlier.local_hour
    group by spine.hour, spine.row_count

),

seasons as (

    select
        grains.window_grain,
        {{ ml_monitor.grain_start('h.hour', grains) }} as window_start,
        min(h.seasonal_weeks) as seasonal_weeks,
        sum(h.seasonal_expected_rows) as seasonal_expected_rows,
        sum(case when h.seasonal_weeks >= 3 and h.seasonal_expected_rows >= {{ few }} and h.row_count = 0 then 1 else 0 end) as missing_hours
    from seasonal_hours as h
    cross join {{ ml_monitor.grains(grains) }} as grains
    group by grains.window_grain, {{ ml_monitor.grain_start('h.hour', grains) }}

),

-- A window without rows has its total all the same.
subjects as (

    select
        w.window_grain,
        w.window_start,
        w.window_end,
        w.day_count,
        w.baseline_state,
        coalesce(counted.segment_name, '__all__') as segment_name,
        coalesce(counted.segment_value, '__all__') as segment_value,
        {%- for name in counts %}
        coalesce(counted.{{ name }}, 0) as {{ name }},
        {%- endfor %}
        counted.future_half_hours_min,
        counted.future_half_hours_max
    from volume_windows as w
    left join counted on w.window_grain = counted.window_grain and w.window_start = counted.window_start

),

joined as (

    select
        s.*,
        case when s.segment_name = '__all__' then abs(s.raw_ingested_rows - s.log_ingested_rows) end as unreconciled_rows,
        {{ ml_monitor.float64('coalesce(expected.baseline_rows, 0)') }} / {{ ml_monitor.greatest_of([1, 's.day_count']) }} as expected_rows,
        case when seasons.seasonal_weeks >= 3 then seasons.seasonal_expected_rows end as seasonal_expected_rows,
        seasons.missing_hours,
        case when s.segment_name = '__all__' and s.window_grain = 'day' then coalesce(l.lost_segments, 0) end as lost_segments,
        case
            when s.segment_name = '__all__' and s.window_grain = 'day' and s.day_count > 0 then coalesce(l.lost_segment_share, 0)
        end as lost_segment_share,
        l.lost_segment_names,
        {#- All of them dated by the same number of half hours after their ingest. #}
        case
            when s.future_half_hours_min = s.future_half_hours_max and s.future_half_hours_min between 2 and 28
                then s.future_half_hours_min / 2.0
        end as time_zone_shift_hours
    from subjects as s
    left join expected
        on
            s.window_grain = expected.window_grain
            and s.segment_name = expected.segment_name
            and s.segment_value = expected.segment_value
            and case s.window_grain when 'hour' then {{ local_hour.replace('r.', 's.') }} else -1 end = expected.local_hour
    left join seasons on s.segment_name = '__all__' and s.window_grain = seasons.window_grain and s.window_start = seasons.window_start
    left join lost_segments as l
        on s.segment_name = '__all__' and s.window_grain = 'day' and s.current_rows > 0 and s.window_start = l.window_start

),

measured as (

    select
        joined.*,
        {%- for name, numerator, denominator in [
            ['duplicate_rate', 'duplicate_rows', 'logged_rows'], ['exact_duplicate_rate', 'exact_duplicate_rows', 'logged_rows'],
            ['conflicting_duplicate_rate', 'conflicting_duplicate_rows', 'logged_rows'], ['replay_rate', 'replayed_rows', 'logged_rows'],
            ['quarantine_rate', 'quarantined_rows', 'logged_rows'], ['error_rate', 'error_rows', 'current_rows'],
        ] %}
        {{ ml_monitor.bounded_ratio(name, numerator, denominator) }},
        {%- endfor %}
        {{ ml_monitor.ratio('current_rows', 'expected_rows') }} as volume_ratio,
        {{ ml_monitor.ratio('current_rows', 'seasonal_expected_rows') }} as seasonal_volume_ratio
    from joined

),

{{ ml_monitor.group_select(
    spec, 'volume', 'measured', ['window_grain', 'window_start', 'segment_name', 'segment_value'],
    {'segment_name': 'segment_name', 'segment_value': 'segment_value'}
) }}
{%- endmacro %}


{#- The columns of the group `volume` of <m>__window_metrics. -#}
{% macro volume_columns() %}
    {%- do return(ml_monitor.listed_columns([
        ['volume_id', 'string', 'md5 of monitor, window_grain, window_start and segment.'],
        'monitor', 'window_grain', 'window_start', 'window_end',
        ['model_version', 'Always `__all__`.'],
        'segment_name', 'segment_value',
        ['logged_rows', 'bigint', 'Rows of the log that count for the window: current, duplicate and quarantined.'],
        'current_rows', 'duplicate_rows', 'quarantined_rows', 'exact_duplicate_rows', 'conflicting_duplicate_rows', 'replayed_rows',
        'future_rows',
        ['error_rows', 'bigint', 'Current rows whose status is an error.'],
        ['raw_ingested_rows', 'bigint', 'Rows of staging that were ingested in the window; 0 for segments.'],
        ['log_ingested_rows', 'bigint', 'Rows of the log that were ingested in the window; 0 for segments.'],
        ['unreconciled_rows', 'bigint', '|raw_ingested_rows - log_ingested_rows|: 0 if no row was lost or invented; NULL for segments.'],
        ['duplicate_rate', 'bounded', 'duplicate_rows / logged_rows (0 to 1).'],
        ['exact_duplicate_rate', 'bounded', 'exact_duplicate_rows / logged_rows (0 to 1).'],
        ['conflicting_duplicate_rate', 'bounded', 'conflicting_duplicate_rows / logged_rows (0 to 1).'],
        ['replay_rate', 'bounded', 'replayed_rows / logged_rows (0 to 1).'],
        ['quarantine_rate', 'bounded', 'quarantined_rows / logged_rows (0 to 1).'],
        ['error_rate', 'bounded', 'error_rows / current_rows (0 to 1).'],
        ['expected_rows', 'double', 'Mean rows of the serving baseline per day, or per same local hour; 0 without a baseline.'],
        ['volume_ratio', 'double', 'current_rows / expected_rows; NULL if none are expected.'],
        ['seasonal_expected_rows', 'double', 'Mean rows of the same local hour and weekday of the up to four weeks before; NULL with fewer '
            'than three, and for segments.'],
        ['seasonal_volume_ratio', 'double', 'current_rows / seasonal_expected_rows; NULL if none are expected.'],
        ['missing_hours', 'int', 'Hours of the window without rows that have 20 or more seasonal_expected_rows; NULL for segments.'],
        ['lost_segments', 'int', 'Segment values without rows that have 20 or more expected_rows a day; days and totals only.'],
        ['lost_segment_share', 'double', 'Largest share of the baseline that lost values of one segment have (0 to 1); NULL without a '
            'baseline.'],
        ['lost_segment_names', 'string', 'The lost values, with their segment; NULL if none is lost.'],
        ['time_zone_shift_hours', 'double', 'Hours, in halves, that all future_rows are dated after their ingest, if it is the same '
            'number for all, 1 to 14; else NULL.'],
        ['baseline_state', 'What the baseline was made of; when it changes, the windows are rewritten.'],
        'rebuild_key', 'declaration_hash', 'ml_batch',
    ])) -%}
{% endmacro %}

{#-
  The group `volume` of <m>__window_metrics: how many rows each hour and day brought, what became of them, and whether all of them are accounted for.

  Expected rows are the mean of the serving baseline: for a day over its days, for an hour over the same local hour of them. Seasonal
  expected rows are the mean of the same local hour (or weekday) of the up to four weeks before, if there are three; totals only.

  Arguments: monitor (string).
  Returns: CTEs ending in `volume_windows`, the windows to write. Columns: volume_columns; counts are rows, rates are shares of logged_rows (error_rate of current_rows), with 99.9 % Wilson
  bounds. missing_hours are hours without rows that bring 20 or more in the season; lost segments are values without rows that
  bring 20 or more a day in the baseline. unreconciled_rows is |rows ingested in the window in staging - in the log|, 0 when nothing was lost or invented.
-#}
{% macro volume_windows(monitor) -%}
    {%- set spec = ml_monitor.monitor_spec(monitor) -%}
    {%- set declaration_hash = ml_monitor.declaration_hash(spec, 'volume') -%}
    {%- set rollup = ref(monitor ~ '__hourly_volume') -%}
    {%- set built = ml_monitor.built_group('volume') -%}
    {%- set text = ml_monitor.text_type() -%}
baseline_days as (

    select window_start from {{ ref(monitor ~ '__baseline_windows') }} where is_baseline and model_version = '__all__'

),

hour_rows as (

    select window_start as hour, current_rows
    from {{ rollup }}
    where model_version = '__all__' and segment_name = '__all__' and current_rows > 0

),

-- Expected rows come from the baseline, and seasons begin with the first row: another one of either changes every window.
baseline_state as (

    select
        cast(count(*) as {{ text }}) || ' days to ' || coalesce(cast(max(baseline_days.window_start) as {{ text }}), 'none')
        || ', batch ' || coalesce(cast(max(h.ml_batch) as {{ text }}), 'none')
        || ', rows from ' || coalesce((select cast(min(hour) as {{ text }}) from hour_rows), 'none') as baseline_state
    from baseline_days
    left join rollup_hours as h on {{ ml_monitor.truncate('day', 'h.hour') }} = baseline_days.window_start

),

{{ ml_monitor.touched_windows('volume', declaration_hash, rollup_hours='rollup_hours', grains=['hour', 'day'], built=built) }}

{% if ml_monitor.is_incremental() -%}
-- Days that have a rebuilt hour in their season; an hour more or less where summer time began or ended between.
later_days as (
    {% for week in range(1, 5) %}
    {%- for change in [-1, 0, 1] %}
    select {{ ml_monitor.truncate('day', ml_monitor.date_add('hour', 168 * week + change, 'hour')) }} as day from volume_rebuilt_hours
    {%- if not loop.last %}
    union
    {%- endif %}
    {%- endfor %}
    {%- if not loop.last %}
    union
    {%- endif %}
    {%- endfor %}

),

-- Days whose raw rows became fewer or more without a row that the log could take: its batch does not say so.
lost_days as (

    select {{ ml_monitor.truncate('day', 'counted.window_start') }} as day
    from {{ ml_monitor.aliased(rollup, 'counted') }}
    inner join {{ built }} as built on counted.window_start = built.window_start
    where
        counted.model_version = '__all__'
        and counted.segment_name = '__all__'
        and built.window_grain = 'hour'
        and built.segment_name = '__all__'
        and counted.raw_ingested_rows <> built.raw_ingested_rows

),

{% endif -%}
volume_windows as (

    select * from volume_touched_windows
    {%- if ml_monitor.is_incremental() %}
    union
    select windows.*
    from windows
    where {{ ml_monitor.truncate('day', 'windows.window_start') }} in (select day from later_days)
    union
    select windows.*
    from windows
    where {{ ml_monitor.truncate('day', 'windows.window_start') }} in (select day from lost_days)
    union
    select windows.*
    from windows
    where exists (select 1 from {{ built }} as built where built.baseline_state <> (select baseline_state from baseline_state))
    {%- endif %}

),
{%- endmacro %}


{#- The select of the group `volume`. Arguments: monitor (string). -#}
{% macro volume_select(monitor) -%}
    {%- set spec = ml_monitor.monitor_spec(monitor) -%}
    {%- set declaration_hash = ml_monitor.declaration_hash(spec, 'volume') -%}
    {%- set rollup = ref(monitor ~ '__hourly_volume') -%}
    {%- set text = ml_monitor.text_type() -%}
    {%- set counts = ['logged_rows', 'current_rows', 'duplicate_rows', 'quarantined_rows', 'exact_duplicate_rows', 'conflicting_duplicate_rows', 'replayed_rows', 'future_rows', 'error_rows', 'raw_ingested_rows', 'log_ingested_rows'] -%}
    {%- set few = 20 -%}
with

expected_hours as (

    select
        r.segment_name,
        r.segment_value,
        extract(hour from {{ ml_monitor.local_time('r.window_start', spec.time_zone) }}) as local_hour,
        sum(r.current_rows) as baseline_rows
    from {{ ml_monitor.aliased(rollup, 'r') }}
    inner join baseline_days on {{ ml_monitor.truncate('day', 'r.window_start') }} = baseline_days.window_start
    where r.model_version = '__all__'
    group by r.segment_name, r.segment_value, extract(hour from {{ ml_monitor.local_time('r.window_start', spec.time_zone) }})

),

expected_days as (

    select segment_name, segment_value, sum(baseline_rows) as baseline_rows
    from expected_hours
    group by segment_name, segment_value

),

counted as (
    {% for grain in ['hour', 'day'] %}
    select
        '{{ grain }}' as window_grain,
        {{ ml_monitor.truncate(grain, 'window_start') }} as window_start,
        segment_name,
        segment_value,
        {%- for name in counts %}
        sum({{ name }}) as {{ name }},
        {%- endfor %}
        min(future_half_hours_min) as future_half_hours_min,
        max(future_half_hours_max) as future_half_hours_max
    from {{ rollup }}
    where model_version = '__all__'
    group by {{ ml_monitor.truncate(grain, 'window_start') }}, segment_name, segment_value
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}

),

lost_segments as (

    select
        w.window_start,
        count(*) as lost_segments,
        {{ ml_monitor.float64('max(segment_shares.lost_share)') }} as lost_segment_share,
        {{ ml_monitor.joined_texts("segment_shares.segment_name || ' ' || segment_shares.segment_value", "', '", ['segment_shares.segment_name', 'segment_shares.segment_value']) }} as lost_segment_names
    from volume_windows as w
    inner join (
        select
            d.window_start,
            e.segment_name,
            e.segment_value,
            sum(e.baseline_rows) over (partition by d.window_start, e.segment_name) / {{ ml_monitor.float64('totals.baseline_rows') }} as lost_share
        from volume_windows as d
        inner join counted as total
            on d.window_start = total.window_start and total.window_grain = 'day' and total.segment_name = '__all__' and total.current_rows > 0
        cross join expected_days as e
        inner join expected_days as totals on totals.segment_name = '__all__' and totals.baseline_rows > 0
        left join counted
            on
                counted.window_grain = 'day'
                and d.window_start = counted.window_start
                and e.segment_name = counted.segment_name
                and e.segment_value = counted.segment_value
        where
            d.window_grain = 'day'
            and e.segment_name <> '__all__'
            and e.baseline_rows >= {{ few }} * (select count(*) from baseline_days)
            and coalesce(counted.current_rows, 0) = 0
    ) as segment_shares on w.window_start = segment_shares.window_start
    where w.window_grain = 'day'
    group by w.window_start

),

written_hours as (

    select
        spine.hour,
        {{ ml_monitor.truncate('day', 'spine.hour') }} as day,
        {{ ml_monitor.local_hour('spine.hour', spec.time_zone) }} as local_hour,
        coalesce(hour_rows.current_rows, 0) as current_rows
    from spine
    left join hour_rows on spine.hour = hour_rows.hour
    where {{ ml_monitor.truncate('day', 'spine.hour') }} in (select {{ ml_monitor.truncate('day', 'window_start') }} from volume_windows)

),

-- Hours of the clock since the first row: where summer time begins one is missing, and where it ends two share one, as their mean.
clock_hours as (

    select {{ ml_monitor.local_hour('spine.hour', spec.time_zone) }} as local_hour, avg({{ ml_monitor.float64('coalesce(hour_rows.current_rows, 0)') }}) as current_rows
    from spine
    left join hour_rows on spine.hour = hour_rows.hour
    where
        spine.hour >= (select min(hour) from hour_rows)
        and spine.hour >= (select {{ ml_monitor.date_add('day', -30, 'min(window_start)') }} from volume_windows)
    group by {{ ml_monitor.local_hour('spine.hour', spec.time_zone) }}

),

season_hours as (

    select
        w.hour,
        w.day,
        w.current_rows,
        count(earlier.current_rows) as season_weeks,
        avg(earlier.current_rows) as season_expected_rows
    from written_hours as w
    left join (
        {%- for week in range(1, 5) %}
        select {{ ml_monitor.date_add('day', 7 * week, 'local_hour') }} as local_hour, current_rows from clock_hours
        {%- if not loop.last %}
        union all
        {%- endif %}
        {%- endfor %}
    ) as earlier on w.local_hour = earlier.local_hour
    group by w.hour, w.day, w.current_rows

),

seasons as (

    select 'hour' as window_grain, hour as window_start, season_weeks, season_expected_rows, case when season_weeks >= 3 and season_expected_rows >= {{ few }} and current_rows = 0 then 1 else 0 end as missing_hours
    from season_hours
    union all
    select 'day' as window_grain, day as window_start, min(season_weeks) as season_weeks, sum(season_expected_rows) as season_expected_rows,
        sum(case when season_weeks >= 3 and season_expected_rows >= {{ few }} and current_rows = 0 then 1 else 0 end) as missing_hours
    from season_hours
    group by day

),

subjects as (

    select window_grain, window_start, window_end, '__all__' as segment_name, '__all__' as segment_value
    from volume_windows
    union all
    select w.window_grain, w.window_start, w.window_end, counted.segment_name, counted.segment_value
    from volume_windows as w
    inner join counted on w.window_grain = counted.window_grain and w.window_start = counted.window_start
    where counted.segment_name <> '__all__'

),

joined as (

    select
        s.*,
        {%- for name in counts %}
        coalesce(counted.{{ name }}, 0) as {{ name }},
        {%- endfor %}
        counted.future_half_hours_min,
        counted.future_half_hours_max,
        case when seasons.season_weeks >= 3 then seasons.season_expected_rows end as season_expected_rows,
        seasons.missing_hours,
        case when s.segment_name = '__all__' and s.window_grain = 'day' then coalesce(lost_segments.lost_segments, 0) end as lost_segments,
        case when s.segment_name = '__all__' and s.window_grain = 'day' and (select count(*) from baseline_days) > 0 then coalesce(lost_segments.lost_segment_share, 0) end as lost_segment_share,
        lost_segments.lost_segment_names,
        {{ ml_monitor.float64("coalesce(case when s.window_grain = 'hour' then expected_hours.baseline_rows else expected_days.baseline_rows end, 0)") }}
        / {{ ml_monitor.greatest_of([1, '(select count(*) from baseline_days)']) }} as expected_rows
    from subjects as s
    left join counted
        on
            s.window_grain = counted.window_grain
            and s.window_start = counted.window_start
            and s.segment_name = counted.segment_name
            and s.segment_value = counted.segment_value
    left join expected_hours
        on
            s.segment_name = expected_hours.segment_name
            and s.segment_value = expected_hours.segment_value
            and extract(hour from {{ ml_monitor.local_time('s.window_start', spec.time_zone) }}) = expected_hours.local_hour
    left join expected_days on s.segment_name = expected_days.segment_name and s.segment_value = expected_days.segment_value
    left join seasons on s.segment_name = '__all__' and s.window_grain = seasons.window_grain and s.window_start = seasons.window_start
    left join lost_segments on s.segment_name = '__all__' and s.window_grain = 'day' and s.window_start = lost_segments.window_start

),

final as (

    select
        {{ ml_monitor.surrogate_key(["'" ~ monitor ~ "'", 'joined.window_grain', 'joined.window_start', 'joined.segment_name', 'joined.segment_value']) }} as volume_id,
        cast('{{ monitor }}' as {{ text }}) as monitor,
        cast(joined.window_grain as {{ text }}) as window_grain,
        joined.window_start,
        joined.window_end,
        cast('__all__' as {{ text }}) as model_version,
        cast(joined.segment_name as {{ text }}) as segment_name,
        cast(joined.segment_value as {{ text }}) as segment_value,
        {%- for name in counts %}
        cast(joined.{{ name }} as bigint) as {{ name }},
        {%- endfor %}
        case when joined.segment_name = '__all__' then cast(abs(joined.raw_ingested_rows - joined.log_ingested_rows) as bigint) end as unreconciled_rows,
        {%- for name, numerator, denominator in [
            ['duplicate_rate', 'duplicate_rows', 'logged_rows'], ['exact_duplicate_rate', 'exact_duplicate_rows', 'logged_rows'],
            ['conflicting_duplicate_rate', 'conflicting_duplicate_rows', 'logged_rows'], ['replay_rate', 'replayed_rows', 'logged_rows'],
            ['quarantine_rate', 'quarantined_rows', 'logged_rows'], ['error_rate', 'error_rows', 'current_rows'],
        ] %}
        {{ ml_monitor.bounded_ratio(name, 'joined.' ~ numerator, 'joined.' ~ denominator) }},
        {%- endfor %}
        {{ ml_monitor.float64('joined.expected_rows') }} as expected_rows,
        {{ ml_monitor.ratio('joined.current_rows', 'joined.expected_rows') }} as volume_ratio,
        {{ ml_monitor.float64('joined.season_expected_rows') }} as season_expected_rows,
        {{ ml_monitor.ratio('joined.current_rows', 'joined.season_expected_rows') }} as season_volume_ratio,
        cast(joined.missing_hours as int) as missing_hours,
        cast(joined.lost_segments as int) as lost_segments,
        {{ ml_monitor.float64('joined.lost_segment_share') }} as lost_segment_share,
        cast(joined.lost_segment_names as {{ text }}) as lost_segment_names,
        {#- All of them dated by the same number of half hours after their ingest. #}
        {{ ml_monitor.float64('case when joined.future_half_hours_min = joined.future_half_hours_max and joined.future_half_hours_min between 2 and 28 then joined.future_half_hours_min / 2.0 end') }} as time_zone_shift_hours,
        cast((select baseline_state from baseline_state) as {{ text }}) as baseline_state,
        {{ ml_monitor.window_key('joined.window_grain', 'joined.window_start') }} as rebuild_key,
        cast('{{ declaration_hash }}' as {{ text }}) as declaration_hash,
        cast((select ml_batch from newest) as bigint) as ml_batch
    from joined

)

select * from final
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
        ['season_expected_rows', 'double', 'Mean rows of the same local hour and weekday of the up to four weeks before; NULL with fewer '
            'than three, and for segments.'],
        ['season_volume_ratio', 'double', 'current_rows / season_expected_rows; NULL if none are expected.'],
        ['missing_hours', 'int', 'Hours of the window without rows that have 20 or more season_expected_rows; NULL for segments.'],
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

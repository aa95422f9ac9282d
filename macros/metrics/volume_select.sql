{#-
  The select of the group `volume`. Arguments: spec (dict of monitor_spec).

  Where the log is a sample, the requests that rows stand for are compared: what is expected is brought to the sampling fraction of the
  window, or without rows in it to that of the newest rows before. So expected rows are rows that the log should have, as evidence needs
  it, and the ratio is that of requests.
-#}
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
    {%- set has_latency = ml_monitor.role_column(spec.inferences, 'latency_ms') is not none -%}
    {%- set has_treatment = ml_monitor.role_column(spec.inferences, 'treatment') is not none -%}
    {%- set is_sampled = ml_monitor.sampling_weight(spec) is not none -%}
    {%- set weighed_rows = 'scaled_current_rows' if is_sampled else 'current_rows' -%}
    {%- set counts = counts + (['scaled_current_rows'] if is_sampled else []) -%}
    {%- set scaled_baseline_rows = 'scaled_baseline_rows' if is_sampled else 'baseline_rows' -%}
with

-- Of a day over all hours, whose local_hour is -1.
expected as (

    select
        grains.window_grain,
        baseline_days.baseline_since,
        r.segment_name,
        r.segment_value,
        case grains.window_grain when 'hour' then {{ local_hour }} else -1 end as local_hour,
        sum(r.current_rows) as baseline_rows,
        {%- if is_sampled %}
        sum(r.scaled_current_rows) as scaled_baseline_rows,
        {%- endif %}
        sum(sum(case when r.segment_name = '__all__' then r.{{ weighed_rows }} end))
            over (partition by grains.window_grain, baseline_days.baseline_since) as total_rows
    from {{ ml_monitor.aliased(rollup, 'r') }}
    inner join baseline_days on {{ ml_monitor.truncate('day', 'r.window_start') }} = baseline_days.window_start
    cross join {{ ml_monitor.grains(grains) }} as grains
    where r.model_version = '__all__'
    group by
        grains.window_grain, baseline_days.baseline_since, r.segment_name, r.segment_value,
        case grains.window_grain when 'hour' then {{ local_hour }} else -1 end

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
        max(r.future_half_hours_max) as future_half_hours_max,
        min(r.first_quarantine_reason) as first_quarantine_reason,
        max(r.last_quarantine_reason) as last_quarantine_reason
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
            sum(e.{{ scaled_baseline_rows }}) over (partition by d.window_start, e.segment_name)
                / {{ ml_monitor.float64('e.total_rows') }} as lost_share
        from volume_windows as d
        inner join expected as e on d.window_grain = e.window_grain and d.baseline_since = e.baseline_since and e.total_rows > 0
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

{{ ml_monitor.seasons_ctes(spec, grains, few) }}

{% if has_latency -%}
{{ ml_monitor.service_latency(spec) }}

{% endif -%}
{% if has_treatment -%}
{{ ml_monitor.sample_ratio(spec) }}

{% endif -%}

{{ ml_monitor.late_hours_ctes(spec.time_zone) }}

-- A window without rows has its total all the same.
subjects as (

    select
        w.window_grain, w.window_start, w.window_end, w.baseline_since, w.day_count, w.baseline_state,
        coalesce(counted.segment_name, '__all__') as segment_name,
        coalesce(counted.segment_value, '__all__') as segment_value,
        {%- for name in counts %}
        coalesce(counted.{{ name }}, 0) as {{ name }},
        {%- endfor %}
        counted.future_half_hours_min,
        counted.future_half_hours_max,
        counted.first_quarantine_reason || case
            when counted.last_quarantine_reason <> counted.first_quarantine_reason then ', ' || counted.last_quarantine_reason
            else ''
        end as quarantine_reasons
    from volume_windows as w
    left join counted on w.window_grain = counted.window_grain and w.window_start = counted.window_start

),

joined as (

    select
        s.*,
        case when s.segment_name = '__all__' then abs(s.raw_ingested_rows - s.log_ingested_rows) end as unreconciled_rows,
        {{ ml_monitor.float64('coalesce(' ~ (
            'expected.scaled_baseline_rows * coalesce(s.current_rows / nullif(s.scaled_current_rows, 0), seasons.sampling_fraction)'
            if is_sampled else 'expected.baseline_rows'
        ) ~ ', 0)') }} / {{ ml_monitor.greatest_of([1, 's.day_count']) }} as expected_rows,
        case when seasons.seasonal_weeks >= 3 then seasons.seasonal_expected_rows end as seasonal_expected_rows,
        seasons.missing_hours,
        late_hours.late_hours,
        case when s.segment_name = '__all__' and s.window_grain = 'day' then coalesce(l.lost_segments, 0) end as lost_segments,
        case
            when s.segment_name = '__all__' and s.window_grain = 'day' and s.day_count > 0 then coalesce(l.lost_segment_share, 0)
        end as lost_segment_share,
        l.lost_segment_names,
        {%- for name in ml_monitor.latency_columns() %}
        {{ 'latency.' ~ name if has_latency else ml_monitor.float64('null') }} as {{ name }},
        {%- endfor %}
        {%- for name in ['sample_ratio_difference', 'sample_ratio_difference_low'] %}
        {{ 'ratios.' ~ name if has_treatment else ml_monitor.float64('null') }} as {{ name }},
        {%- endfor %}
        {#- All of them dated by the same number of half hours after their ingest. #}
        case
            when s.future_half_hours_min = s.future_half_hours_max and s.future_half_hours_min between 2 and 28
                then s.future_half_hours_min / 2.0
        end as time_zone_shift_hours
    from subjects as s
    left join expected
        on
            s.window_grain = expected.window_grain
            and s.baseline_since = expected.baseline_since
            and s.segment_name = expected.segment_name
            and s.segment_value = expected.segment_value
            and case s.window_grain when 'hour' then {{ local_hour.replace('r.', 's.') }} else -1 end = expected.local_hour
    left join seasons on s.segment_name = '__all__' and s.window_grain = seasons.window_grain and s.window_start = seasons.window_start
    left join late_hours on s.segment_name = '__all__' and s.window_grain = 'hour' and s.window_start = late_hours.hour
    left join lost_segments as l
        on s.segment_name = '__all__' and s.window_grain = 'day' and s.current_rows > 0 and s.window_start = l.window_start
    {%- for table, alias in [['service_latency', 'latency']] * has_latency + [['sample_ratio', 'ratios']] * has_treatment %}
    left join {{ table }} as {{ alias }}
        on s.segment_name = '__all__' and s.window_grain = {{ alias }}.window_grain and s.window_start = {{ alias }}.window_start
    {%- endfor %}

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

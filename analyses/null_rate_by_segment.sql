-- Where the nulls of one column sit, day by day: the null rate of each segment value beside that of all rows, with its 99.9 % bounds,
-- and the share of the day's nulls that it holds. If one value holds nearly all of them, look there (one carrier's feed, one region);
-- if each holds its part of the rows, the cause is upstream of all.
--     dbt show -s null_rate_by_segment --output json --limit -1
--         --vars '{ml_analysis: {monitor: flight_delay, column: aircraft_age, segment: carrier, from: "2013-09-16", until: "2013-09-19"}}'
-- Without `monitor` it speaks of the first one that is listed.
{% set given = var('ml_analysis', {}) %}
{% set monitor = given.get('monitor') or (ml_monitor.ml_monitors() | list + ['none'])[0] %}
{{ config(enabled=(project_name == 'ml_monitor' and monitor != 'none')) }}
{% set column = given.get('column', 'aircraft_age') %}
{% set segment = given.get('segment', 'carrier') %}
{% set from = given.get('from', '2013-09-16') %}
{% set until = given.get('until', '2013-09-19') %}
with

days as (

    select
        window_start,
        segment_name,
        segment_value,
        row_count,
        null_count,
        null_rate,
        null_rate_low,
        null_rate_high
    from {{ ref('ml_monitor', 'ml_data_quality') }}
    where
        monitor = '{{ monitor }}'
        and column_name = '{{ column }}'
        and window_grain = 'day'
        and segment_name in ('{{ segment }}', '__all__')
        and window_start >= cast('{{ from }}' as timestamp)
        and window_start < cast('{{ until }}' as timestamp)

),

totals as (

    select
        window_start,
        row_count,
        null_count,
        null_rate
    from days
    where segment_name = '__all__'

),

final as (

    select
        days.window_start,
        days.segment_name,
        days.segment_value,
        days.null_count,
        days.row_count,
        days.null_rate,
        days.null_rate_low,
        days.null_rate_high,
        totals.null_rate as total_null_rate,
        {{ ml_monitor.ratio('days.null_count', 'totals.null_count') }} as share_of_nulls,
        {{ ml_monitor.ratio('days.row_count', 'totals.row_count') }} as share_of_rows
    from days
    inner join totals on days.window_start = totals.window_start
    where days.segment_name <> '__all__'

)

select *
from final
order by window_start asc, null_count desc, segment_value asc

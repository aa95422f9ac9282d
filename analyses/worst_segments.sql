-- The segments that moved most: each value of each segment beside all rows, ranked by how far its excess is above what could be told
-- from noise, and weighted by its rows. A segment far above the total is where to look; one below the minimum sample is left out.
--     dbt show -s worst_segments --output json --limit -1
--         --vars '{ml_analysis: {monitor: flight_delay, from: "2013-11-05", until: "2013-11-08"}}'
--     column: one column only; min_rows: rows of the window in the segment (default 100)
-- Without `monitor` it speaks of the first one that is listed.
{% set given = var('ml_analysis', {}) %}
{% set monitor = given.get('monitor') or (ml_monitor.ml_monitors() | list + ['none'])[0] %}
{{ config(enabled=(project_name == 'ml_monitor' and monitor != 'none')) }}
{% set from = given.get('from', '2013-11-05') %}
{% set until = given.get('until', '2013-11-08') %}
{% set column = given.get('column') %}
{% set min_rows = given.get('min_rows', 100) %}
with

windows as (

    select
        window_grain,
        window_start,
        model_version,
        segment_name,
        segment_value,
        column_name,
        row_count,
        current_rows,
        psi_excess,
        min_detectable,
        psi_excess - min_detectable as clear_excess,
        is_drift_detected,
        top_bin,
        top_bin_reference_share,
        top_bin_current_share
    from {{ ref('ml_monitor', 'ml_drift') }}
    where
        monitor = '{{ monitor }}'
        and baseline = 'serving'
        and psi_reason is null
        and window_start >= cast('{{ from }}' as timestamp)
        and window_start < cast('{{ until }}' as timestamp)
        and {{ "column_name = '" ~ column ~ "'" if column else '1 = 1' }}

),

totals as (

    select
        window_grain,
        window_start,
        model_version,
        column_name,
        row_count,
        psi_excess
    from windows
    where segment_name = '__all__'

),

final as (

    select
        windows.window_grain,
        windows.window_start,
        windows.model_version,
        windows.column_name,
        windows.segment_name,
        windows.segment_value,
        windows.current_rows,
        {{ ml_monitor.ratio('windows.row_count', 'totals.row_count') }} as share_of_rows,
        windows.psi_excess,
        windows.min_detectable,
        windows.clear_excess,
        totals.psi_excess as total_psi_excess,
        windows.is_drift_detected,
        windows.top_bin,
        windows.top_bin_reference_share,
        windows.top_bin_current_share,
        row_number() over (
            partition by windows.window_grain, windows.window_start
            order by windows.clear_excess desc, windows.column_name asc, windows.segment_name asc, windows.segment_value asc
        ) as segment_rank
    from windows
    inner join totals
        on
            windows.window_grain = totals.window_grain
            and windows.window_start = totals.window_start
            and windows.model_version = totals.model_version
            and windows.column_name = totals.column_name
    where windows.segment_name <> '__all__' and windows.current_rows >= {{ min_rows }}

)

select *
from final
order by window_start asc, window_grain asc, segment_rank asc

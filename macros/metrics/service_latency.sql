{#-
  How long the service took, for the group `volume`, as CTEs ending in `service_latency`: totals, by window.

  Arguments: spec (with a column with role latency_ms); the CTEs volume_windows and baseline_days must be there.
  CTE: service_latency: window_grain, window_start, latency_p50, latency_p95, latency_p99 (the unit of the column, within 3 %), and of
    days, for p95 and p99, <p>_ratio, divided by the mean of the days of the serving baseline, and <p>_ratio_low, divided by the
    slowest of them: by chance alone a day seldom is slower than each of these.
-#}
{% macro service_latency(spec) -%}
{%- set grains = ['hour', 'day'] -%}
{%- set latency = (spec.inferences | selectattr('role', 'equalto', 'latency_ms') | first).name -%}
-- A day of the baseline is there twice if it is to be written.
latency_windows as (

    select window_grain, window_start, baseline_since, 0 as is_baseline from volume_windows
    union all
    select 'day' as window_grain, window_start, baseline_since, 1 as is_baseline from baseline_days

),

latency_counts as (

    select
        w.window_grain,
        w.window_start,
        w.baseline_since,
        w.is_baseline,
        p.slot,
        p.cell,
        sum(p.row_count) as row_count,
        sum(p.z_sum) as z_sum
    from {{ ml_monitor.aliased(ref(spec.name ~ '__hourly_profile'), 'p') }}
    cross join {{ ml_monitor.grains(grains) }} as grains
    inner join latency_windows as w
        on grains.window_grain = w.window_grain and {{ ml_monitor.grain_start('p.window_start', grains) }} = w.window_start
    where
        p.column_name = {{ ml_monitor.string_literal(latency) }}
        and p.segment_name = '__all__'
        and p.slot >= 0
        and (grains.window_grain = 'day' or p.window_grain = 'hour')
    group by w.window_grain, w.window_start, w.baseline_since, w.is_baseline, p.slot, p.cell

),

{{ ml_monitor.quantiles_from_cells('latency_counts', ['window_grain', 'window_start', 'baseline_since', 'is_baseline'],
    {'p50': 0.5, 'p95': 0.95, 'p99': 0.99}, 'latency_quantiles') }}

service_latency as (

    select *
    from (
        select
            window_grain,
            window_start,
            is_baseline,
            p50 as latency_p50,
            p95 as latency_p95,
            p99 as latency_p99,
            {%- for p in ['p95', 'p99'] %}
            {%- for name, aggregate in {'_ratio': 'avg', '_ratio_low': 'max'}.items() %}
            case window_grain when 'day' then
                {{ p }} / nullif({{ aggregate }}(case is_baseline when 1 then {{ p }} end) over (partition by baseline_since), 0)
            end as latency_{{ p }}{{ name }}{{ ',' if not loop.last }}
            {%- endfor %}{{ ',' if not loop.last }}
            {%- endfor %}
        from latency_quantiles
    ) as against_baseline
    where is_baseline = 0

),
{%- endmacro %}

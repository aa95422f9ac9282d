{#-
  Model <m>__drift: how far each monitored column is from its baselines.

  Two comparisons: each day against the `serving` baseline, by total and by segment, and each month against the `training`
  set; where declared (drift_windows), weeks and rolling windows as days are, and hours, totals only, against the same hours of the
  clock in the baseline. Scores and predictions are compared within their version. PSI is over finite values; nulls, zeros and declared
  default values are shares of their own beside it, since PSI cannot see a small surge of zeros. Where a column moves too
  much from day to day for PSI, the window-mean chart covers it: the day's mean against the median of the 28 days before,
  in units of the days' own spread, which follows the season and is not moved by a few bad days. A day that moved far is compared
  with the 28 days before by the known changes of unit (unit_change_name; docs/decisions/0012-unit-changes.md), by quantiles from cells.

  Arguments: monitor (string).
  Columns: drift_columns; units: shares and PSI are plain numbers, means are in the column's unit.
  Source: STATISTICS, "Restlessness", "Verdict", "Baselines"; docs/decisions/0004-window-mean-chart.md.
-#}
{% macro drift(monitor) %}
    {{- ml_monitor.monitor_model(monitor, reads=['hourly_profile', 'baseline_windows', 'grid', 'reference_profile', 'ml_chi_square_quantiles'], key='rebuild_key', access='public') -}}
    {%- if execute -%}{{ ml_monitor.drift_select(monitor) }}{%- endif -%}
{% endmacro %}


{#- The select of <m>__drift. Arguments: monitor (string). -#}
{% macro drift_select(monitor) %}
    {%- set spec = ml_monitor.monitor_spec(monitor) -%}
    {%- set declaration_hash = ml_monitor.declaration_hash(spec, 'drift') -%}
    {%- set profile = ref(monitor ~ '__hourly_profile') -%}
    {%- set baseline_windows = ref(monitor ~ '__baseline_windows') -%}
    {%- set grid = ref(monitor ~ '__grid') -%}
    {%- set has_reference = ml_monitor.has_part(monitor, 'reference') -%}
    {%- set columns = ml_monitor.monitored_columns(spec) | rejectattr('role', 'in', ml_monitor.rule_roles()) | list -%}
    {%- set text = ml_monitor.text_type() -%}
    {%- set subject = ['window_grain', 'window_start', 'model_version', 'segment_name', 'segment_value', 'column_name'] -%}
    {%- set series = ['model_version', 'segment_name', 'segment_value', 'column_name'] -%}
    {%- set measures = ['row_count', 'z_sum', 'z_squared_sum', 'null_count', 'zero_count', 'default_count'] -%}
    {%- set version = "case when c.version_scope = 'version' then p.model_version else '__all__' end" -%}
    {%- set unit_quantiles = {'p10': 0.1, 'p25': 0.25, 'p50': 0.5, 'p75': 0.75, 'p90': 0.9} -%}
    {%- set current_names = ['current_p10', 'current_p25', 'current_p50', 'current_p75', 'current_p90'] -%}
    {%- set reference_names = ['reference_p10', 'reference_p25', 'reference_p50', 'reference_p75', 'reference_p90'] -%}
    {%- set is_numeric_value = "c.column_kind = 'numeric' and p.slot >= 0" -%}
    {%- set has_hours = 'hour' in spec.drift_windows -%}
    {#- Windows of several days, which are sums of days. -#}
    {%- set spans = {'week': 7, 'rolling': spec.rolling_days} -%}
    {%- set long_grains = spec.drift_windows | select('in', spans) | list -%}
    {%- set windows = 'compared_windows' if 'rolling' in long_grains else 'windows' -%}
    {%- set grains = (['hour'] if has_hours else []) + ['day'] + (['week'] if 'week' in long_grains else []) + (['month'] if has_reference else []) -%}
    {#- The windows that have rows of versions only: no column of theirs is judged over all versions. -#}
    {%- set over_all = columns | selectattr('scope', 'equalto', 'all') | list -%}
    {%- set versionless_grains = (spec.drift_windows if not over_all else []) + (['month'] if has_reference and not over_all | selectattr('in_reference') | list else []) -%}
    {%- set head -%}
{{ ml_monitor.window_ctes(declaration_hash, profile, 'row_count', grains, "column_name = '__rows__'") }}

{% if 'rolling' in long_grains -%}
-- Every day ends a rolling window of {{ spec.rolling_days }} days.
compared_windows as (

    select window_grain, window_start, window_end from windows
    union all
    select 'rolling' as window_grain, cast({{ ml_monitor.date_add('day', 1 - spec.rolling_days, 'window_start') }} as timestamp) as window_start, window_end
    from windows
    where window_grain = 'day'

),

{% endif -%}
{#- -#}

declared_columns as (
    {{ ml_monitor.declared_columns_values(columns) }}
),

baseline_days as (

    select model_version, window_start from {{ baseline_windows }} where is_baseline

),

baseline_states as (

    select
        'serving' as baseline,
        baseline_days.model_version,
        cast(count(distinct baseline_days.window_start) as {{ text }}) || ' days from ' || cast(min(baseline_days.window_start) as {{ text }})
        || ' to ' || cast(max(baseline_days.window_start) as {{ text }}) || ', batch ' || cast(max(hours.ml_batch) as {{ text }}) as baseline_state
    from baseline_days
    inner join rollup_hours as hours on {{ ml_monitor.truncate('day', 'hours.hour') }} = baseline_days.window_start
    group by baseline_days.model_version
    {%- if has_reference %}
    union all
    select
        'training' as baseline,
        '__any__' as model_version,
        'training, ' || cast(sum(row_count) as {{ text }}) || ' counts, ' || cast(sum(row_count * (slot + cell)) as {{ text }}) as baseline_state
    from {{ ref(monitor ~ '__reference_profile') }}
    where rebuild_key = 'profile'
    {%- endif %}

),

{% if ml_monitor.is_incremental() -%}
changed_baselines as (

    select distinct baseline_states.baseline
    from baseline_states
    left join {{ this }} as built
        on
            built.baseline = baseline_states.baseline
            and (built.model_version = baseline_states.model_version or baseline_states.model_version = '__any__')
    where built.baseline_state is null or built.baseline_state <> baseline_states.baseline_state
    union
    -- One that is no more.
    select built.baseline
    from {{ this }} as built
    left join baseline_states
        on
            built.baseline = baseline_states.baseline
            and (built.model_version = baseline_states.model_version or baseline_states.model_version = '__any__')
    where built.baseline_state is not null and baseline_states.baseline is null

),

{% endif -%}
written_windows as (

    {% if not ml_monitor.is_incremental() -%}
    select window_grain, window_start, window_end from {{ windows }}
    {%- else -%}
    select window_grain, window_start, window_end from touched_windows
    union
    -- The chart of a day looks back 28 days.
    select later.window_grain, later.window_start, later.window_end
    from windows as later
    inner join touched_windows as touched
        on
            touched.window_grain = 'day'
            and later.window_start > touched.window_start
            and later.window_start <= {{ ml_monitor.date_add('day', 28, 'touched.window_start') }}
    where later.window_grain = 'day'
    {%- if 'rolling' in long_grains %}
    union
    select rolling.window_grain, rolling.window_start, rolling.window_end
    from compared_windows as rolling
    inner join touched_windows as touched
        on
            touched.window_grain = 'day'
            and rolling.window_start <= touched.window_start
            and rolling.window_end > touched.window_start
    where rolling.window_grain = 'rolling'
    {%- endif %}
    union
    select window_grain, window_start, window_end
    from {{ windows }}
    where case when window_grain = 'month' then 'training' else 'serving' end in (select baseline from changed_baselines)
    {%- endif %}

),
    {%- endset -%}
{%- call ml_monitor.select_if_any('drift', monitor, head, 'written_windows') %}

counted_days as (

    {% if not ml_monitor.is_incremental() -%}
    select window_start, 1 as has_segments from windows where window_grain = 'day'
    {%- else -%}
    select window_start, max(has_segments) as has_segments
    from (
        select windows.window_start, 1 as has_segments
        from windows
        where
            windows.window_grain = 'day'
            and (
                (windows.window_start in (select window_start from baseline_days) and exists (select 1 from written_windows where window_grain <> 'month'))
                or windows.window_start in (select window_start from written_windows where window_grain = 'day')
                {%- if long_grains %}
                or exists (
                    select 1
                    from written_windows
                    where
                        written_windows.window_grain in ('{{ long_grains | join("', '") }}')
                        and windows.window_start >= written_windows.window_start
                        and windows.window_start < written_windows.window_end
                )
                {%- endif %}
            )
        union all
        -- The chart looks back 28 days; it is of totals only.
        select windows.window_start, 0 as has_segments
        from windows
        where
            windows.window_grain = 'day'
            and exists (
                select 1
                from written_windows
                where
                    written_windows.window_grain = 'day'
                    and windows.window_start <= written_windows.window_start
                    and windows.window_start >= {{ ml_monitor.date_add('day', -28, 'written_windows.window_start') }}
            )
    ) as reasons
    group by window_start
    {%- endif %}

),

day_counts as (

    select
        {{ ml_monitor.truncate('day', 'p.window_start') }} as window_start,
        {{ version }} as model_version,
        p.segment_name,
        p.segment_value,
        p.column_name,
        p.slot,
        {{ ml_monitor.summed_measures() }}
    from {{ ml_monitor.aliased(profile, 'p') }}
    inner join declared_columns as c on p.column_name = c.column_name
    inner join counted_days on {{ ml_monitor.truncate('day', 'p.window_start') }} = counted_days.window_start
    where counted_days.has_segments = 1 or p.segment_name = '__all__'
    group by {{ ml_monitor.truncate('day', 'p.window_start') }}, {{ version }}, p.segment_name, p.segment_value, p.column_name, p.slot

),

{% if long_grains -%}
-- Those to write, and those that lie in the baseline: they say how restless a column is.
long_windows as (

    select w.window_grain, w.window_start, w.window_end
    from {{ windows }} as w
    where
        w.window_grain in ('{{ long_grains | join("', '") }}')
        and (
            exists (select 1 from written_windows where written_windows.window_grain = w.window_grain and written_windows.window_start = w.window_start)
            or (
                exists (select 1 from written_windows where window_grain <> 'month')
                and exists (select 1 from baseline_days where baseline_days.window_start >= w.window_start and baseline_days.window_start < w.window_end)
            )
        )

),

-- Each day of a long window, and whether it is one of the baseline.
long_window_days as (

    select
        w.window_grain,
        w.window_start,
        d.window_start as day,
        d.model_version,
        case when b.window_start is null then 0 else 1 end as is_baseline_day
    from long_windows as w
    inner join (select distinct window_start, model_version from day_counts) as d on d.window_start >= w.window_start and d.window_start < w.window_end
    left join baseline_days as b on d.window_start = b.window_start and d.model_version = b.model_version

),

{% endif -%}
window_counts as (

    select 'day' as window_grain, {{ (series + ['window_start', 'slot'] + measures) | join(', ') }} from day_counts
    {%- if long_grains %}
    union all
    select
        w.window_grain,
        {% for key in series %}d.{{ key }}, {% endfor %}
        w.window_start,
        d.slot,
        {%- for name in measures %}
        sum(d.{{ name }}) as {{ name }}{{ ',' if not loop.last }}
        {%- endfor %}
    from long_window_days as w
    inner join day_counts as d on w.day = d.window_start and w.model_version = d.model_version
    group by w.window_grain, w.window_start, {% for key in series %}d.{{ key }}, {% endfor %}d.slot
    {%- endif %}
    {%- if has_hours %}
    union all
    select
        'hour' as window_grain,
        {{ version }} as model_version,
        p.segment_name,
        p.segment_value,
        p.column_name,
        p.window_start,
        p.slot,
        {{ ml_monitor.summed_measures() }}
    from {{ ml_monitor.aliased(profile, 'p') }}
    inner join declared_columns as c on p.column_name = c.column_name
    where
        p.window_grain = 'hour'
        and p.segment_name = '__all__'
        and (
            p.window_start in (select window_start from written_windows where window_grain = 'hour')
            or (
                exists (select 1 from written_windows where window_grain = 'hour')
                and {{ ml_monitor.truncate('day', 'p.window_start') }} in (select window_start from baseline_days)
            )
        )
    group by p.window_start, {{ version }}, p.segment_name, p.segment_value, p.column_name, p.slot
    {%- endif %}
    {%- if has_reference %}
    union all
    select
        'month' as window_grain,
        {{ version }} as model_version,
        p.segment_name,
        p.segment_value,
        p.column_name,
        {{ ml_monitor.truncate('month', 'p.window_start') }} as window_start,
        p.slot,
        {{ ml_monitor.summed_measures() }}
    from {{ ml_monitor.aliased(profile, 'p') }}
    inner join declared_columns as c on p.column_name = c.column_name
    where
        p.segment_name = '__all__'
        and c.is_in_reference
        and {{ ml_monitor.truncate('month', 'p.window_start') }} in (select window_start from written_windows where window_grain = 'month')
    group by {{ ml_monitor.truncate('month', 'p.window_start') }}, {{ version }}, p.segment_name, p.segment_value, p.column_name, p.slot
    {%- endif %}

),

reference_counts as (
    {% for grain in spec.drift_windows if grain != 'hour' %}
    select
        '{{ grain }}' as window_grain,
        -1 as season,
        {% for key in series %}d.{{ key }}, {% endfor %}
        d.slot,
        sum(d.row_count) as row_count,
        sum(d.z_sum) as z_sum,
        sum(d.z_squared_sum) as z_squared_sum
    from day_counts as d
    inner join baseline_days as b on d.window_start = b.window_start and d.model_version = b.model_version
    group by {% for key in series %}d.{{ key }}, {% endfor %}d.slot
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
    {%- if has_hours %}
    union all
    -- An hour is compared with the same hours of the clock.
    select
        'hour' as window_grain,
        {{ ml_monitor.season(spec, 'w') }} as season,
        {% for key in series %}w.{{ key }}, {% endfor %}
        w.slot,
        sum(w.row_count) as row_count,
        sum(w.z_sum) as z_sum,
        sum(w.z_squared_sum) as z_squared_sum
    from window_counts as w
    inner join baseline_days as b on {{ ml_monitor.truncate('day', 'w.window_start') }} = b.window_start and w.model_version = b.model_version
    where w.window_grain = 'hour'
    group by {{ ml_monitor.season(spec, 'w') }}, {% for key in series %}w.{{ key }}, {% endfor %}w.slot
    {%- endif %}
    {%- if has_reference %}
    union all
    select
        'month' as window_grain,
        -1 as season,
        {{ version }} as model_version,
        '__all__' as segment_name,
        '__all__' as segment_value,
        p.column_name,
        p.slot,
        sum(p.row_count) as row_count,
        sum(p.z_sum) as z_sum,
        sum(p.z_squared_sum) as z_squared_sum
    from {{ ml_monitor.aliased(ref(monitor ~ '__reference_profile'), 'p') }}
    inner join declared_columns as c on p.column_name = c.column_name
    where p.rebuild_key = 'profile'
    group by {{ version }}, p.column_name, p.slot
    {%- endif %}

),

-- Windows with days of the baseline in them; those that are nothing else say how restless a column is.
windows_in_baseline as (

    select 'day' as window_grain, window_start, model_version, 1 as is_whole from baseline_days
    {%- if long_grains %}
    union all
    select window_grain, window_start, model_version, case when sum(is_baseline_day) = case window_grain {% for grain in long_grains %}when '{{ grain }}' then {{ spans[grain] }} {% endfor %}end then 1 else 0 end as is_whole
    from long_window_days
    group by window_grain, window_start, model_version
    having sum(is_baseline_day) > 0
    {%- endif %}
    {%- if has_hours %}
    union all
    select 'hour' as window_grain, hours.window_start, b.model_version, 1 as is_whole
    from windows as hours
    inner join baseline_days as b on {{ ml_monitor.truncate('day', 'hours.window_start') }} = b.window_start
    where hours.window_grain = 'hour'
    {%- endif %}

),

{% if ml_monitor.is_incremental() -%}
-- How restless the columns were in a baseline that has not changed since: its 28 days need not be compared again.
kept_restlessness as (

    select
        built.window_grain,
        {{ ml_monitor.season(spec, 'built') }} as season,
        {% for key in series %}built.{{ key }}, {% endfor %}
        max(built.restlessness) as restlessness,
        max(built.baseline_windows) as baseline_windows
    from {{ this }} as built
    where
        built.baseline = 'serving'
        and built.declaration_hash = '{{ declaration_hash }}'
        and 'serving' not in (select baseline from changed_baselines)
    group by built.window_grain, {% if has_hours %}{{ ml_monitor.season(spec, 'built') }}, {% endif %}{% for key in series %}built.{{ key }}{{ ', ' if not loop.last }}{% endfor %}

),

{% endif -%}
-- What is compared: what is written, and the windows that say how restless a column is.
distance_windows as (

    select window_grain, window_start from written_windows
    union
    select window_grain, window_start from windows_in_baseline
    where is_whole = 1 {{ 'and not exists (select 1 from kept_restlessness)' if ml_monitor.is_incremental() }}

),

subjects as (

    select distinct
        {% for key in subject %}w.{{ key }}{{ ', ' if not loop.last }}{% endfor %}
    from window_counts as w
    inner join distance_windows as d on w.window_grain = d.window_grain and w.window_start = d.window_start
    union
    select
        written_windows.window_grain,
        written_windows.window_start,
        '__all__' as model_version,
        '__all__' as segment_name,
        '__all__' as segment_value,
        declared_columns.column_name
    from written_windows
    cross join declared_columns
    where declared_columns.version_scope = 'all' and (written_windows.window_grain <> 'month' or declared_columns.is_in_reference)
    {%- if versionless_grains %}
    union
    -- A window without rows has no versions either; without a row of it, what was written of it before would stay.
    select
        w.window_grain,
        w.window_start,
        '__all__' as model_version,
        '__all__' as segment_name,
        '__all__' as segment_value,
        c.column_name
    from written_windows as w
    cross join declared_columns as c
    where
        w.window_grain in ('{{ versionless_grains | join("', '") }}')
        and (w.window_grain <> 'month' or c.is_in_reference)
        and not exists (select 1 from window_counts where window_counts.window_grain = w.window_grain and window_counts.window_start = w.window_start)
    {%- endif %}

),

-- A window inside the baseline is compared with the rest of the baseline.
paired_counts as (

    select
        {% for key in subject %}subjects.{{ key }}, {% endfor %}
        r.slot,
        r.row_count as reference_count,
        r.z_sum as reference_z_sum,
        r.z_squared_sum as reference_z_squared_sum,
        0 as current_count,
        0 as current_z_sum,
        0 as current_z_squared_sum
    from subjects
    inner join reference_counts as r
        on
            subjects.window_grain = r.window_grain
            and {{ ml_monitor.season(spec, 'subjects') }} = r.season
            and {% for key in series %}subjects.{{ key }} = r.{{ key }}{{ ' and ' if not loop.last }}{% endfor %}
    union all
    select
        {% for key in subject %}w.{{ key }}, {% endfor %}
        w.slot,
        case when b.window_start is null then 0 else -w.row_count end as reference_count,
        case when b.window_start is null then 0 else -w.z_sum end as reference_z_sum,
        case when b.window_start is null then 0 else -w.z_squared_sum end as reference_z_squared_sum,
        w.row_count as current_count,
        w.z_sum as current_z_sum,
        w.z_squared_sum as current_z_squared_sum
    from window_counts as w
    inner join distance_windows on w.window_grain = distance_windows.window_grain and w.window_start = distance_windows.window_start
    left join baseline_days as b
        on w.window_grain in ('day', 'hour') and {{ ml_monitor.truncate('day', 'w.window_start') if has_hours else 'w.window_start' }} = b.window_start and w.model_version = b.model_version
    {%- if long_grains %}
    union all
    select
        w.window_grain,
        w.window_start,
        {% for key in series %}d.{{ key }}, {% endfor %}
        d.slot,
        -d.row_count as reference_count,
        -d.z_sum as reference_z_sum,
        -d.z_squared_sum as reference_z_squared_sum,
        0 as current_count,
        0 as current_z_sum,
        0 as current_z_squared_sum
    from long_window_days as w
    inner join distance_windows on w.window_grain = distance_windows.window_grain and w.window_start = distance_windows.window_start
    inner join day_counts as d on w.day = d.window_start and w.model_version = d.model_version
    where w.is_baseline_day = 1
    {%- endif %}

),

bins as (

    select
        {% for key in subject %}p.{{ key }}, {% endfor %}
        p.slot as bin,
        c.column_kind = 'categorical' and p.slot = 0 as is_pooled,
        sum(p.reference_count) as reference_count,
        sum(p.current_count) as current_count
    from paired_counts as p
    inner join declared_columns as c on p.column_name = c.column_name
    where p.slot >= 0
    group by {% for key in subject %}p.{{ key }}, {% endfor %}p.slot, c.column_kind

),

{{ ml_monitor.distances_from_counts('bins', subject) }}

bin_totals as (

    select
        {{ subject | join(', ') }},
        sum(reference_count) as reference_rows,
        sum(current_count) as current_rows
    from bins
    group by {{ subject | join(', ') }}

),

restlessness as (

    select
        v.window_grain,
        {{ ml_monitor.season(spec, 'v') }} as season,
        {% for key in series %}v.{{ key }}, {% endfor %}
        {{ ml_monitor.restlessness('v.psi_excess') }} as restlessness,
        cast(count(v.psi_excess) as int) as baseline_windows
    from psi_values as v
    inner join windows_in_baseline as b on v.window_grain = b.window_grain and v.window_start = b.window_start and v.model_version = b.model_version
    where b.is_whole = 1 {{ 'and not exists (select 1 from kept_restlessness)' if ml_monitor.is_incremental() }}
    group by v.window_grain, {% if has_hours %}{{ ml_monitor.season(spec, 'v') }}, {% endif %}{% for key in series %}v.{{ key }}{{ ', ' if not loop.last }}{% endfor %}
    {%- if ml_monitor.is_incremental() %}
    union all
    select * from kept_restlessness
    {%- endif %}

),

top_bins as (

    select
        psi_bins.*,
        row_number() over (partition by {% for key in subject %}psi_bins.{{ key }}{{ ', ' if not loop.last }}{% endfor %} order by contribution desc, bin) as contribution_rank
    from psi_bins
    inner join written_windows as w on psi_bins.window_grain = w.window_grain and psi_bins.window_start = w.window_start
    where psi_bins.bin_count > 1

),

moments as (

    select
        {% for key in subject %}p.{{ key }}, {% endfor %}
        {%- for side in ['reference', 'current'] %}
        case when sum(p.{{ side }}_count) > 0 then sum(p.{{ side }}_z_sum) / sum(p.{{ side }}_count) end as {{ side }}_z_mean,
        {{ ml_monitor.variance_from_sums('p.' ~ side ~ '_count', 'p.' ~ side ~ '_z_sum', 'p.' ~ side ~ '_z_squared_sum') }} as {{ side }}_z_variance,
        {%- endfor %}
        sum(p.current_count) as value_count
    from paired_counts as p
    inner join declared_columns as c on p.column_name = c.column_name
    where {{ is_numeric_value }}
    group by {% for key in subject %}p.{{ key }}{{ ', ' if not loop.last }}{% endfor %}

),

-- Means of totals by day: of those before, too, with which only the chart compares.
day_means as (

    select
        w.window_start,
        {% for key in series %}w.{{ key }}, {% endfor %}
        sum(w.z_sum) / sum(w.row_count) as z_mean,
        sum(w.row_count) as value_count
    from window_counts as w
    inner join declared_columns as c on w.column_name = c.column_name
    where w.window_grain = 'day' and w.segment_name = '__all__' and c.column_kind = 'numeric' and w.slot >= 0
    group by w.window_start, {% for key in series %}w.{{ key }}{{ ', ' if not loop.last }}{% endfor %}
    having sum(w.row_count) > 0

),

baseline_means as (

    select
        {% for key in series %}m.{{ key }}, {% endfor %}
        coalesce(stddev_samp(m.z_mean), 0) as z_mean_sd
    from day_means as m
    inner join baseline_days as b on m.window_start = b.window_start and m.model_version = b.model_version
    group by {% for key in series %}m.{{ key }}{{ ', ' if not loop.last }}{% endfor %}

),

trailing_means as (

    select
        {% for key in subject %}w.{{ key }}, {% endfor %}
        {{ ml_monitor.quantile(0.25, 't.z_mean') }} as quartile_1,
        {{ ml_monitor.quantile(0.5, 't.z_mean') }} as center,
        {{ ml_monitor.quantile(0.75, 't.z_mean') }} as quartile_3,
        cast(count(*) as int) as window_count
    from moments as w
    inner join day_means as t
        on
            {% for key in series %}w.{{ key }} = t.{{ key }} and {% endfor %}
            t.window_start < w.window_start
            and t.window_start >= {{ ml_monitor.date_add('day', -28, 'w.window_start') }}
    where w.window_grain = 'day' and t.value_count >= 30
    group by {% for key in subject %}w.{{ key }}{{ ', ' if not loop.last }}{% endfor %}

),

charts as (

    select
        {% for key in subject %}t.{{ key }}, {% endfor %}
        t.center,
        t.window_count,
        {{ ml_monitor.greatest_of([
            '(t.quartile_3 - t.quartile_1) / 1.349',
            'coalesce(b.z_mean_sd, 0)',
            'sqrt(m.current_z_variance / m.value_count)',
        ], indent=12) }} as scale
    from trailing_means as t
    inner join moments as m on {% for key in subject %}t.{{ key }} = m.{{ key }}{{ ' and ' if not loop.last }}{% endfor %}
    left join baseline_means as b on {% for key in series %}t.{{ key }} = b.{{ key }}{{ ' and ' if not loop.last }}{% endfor %}
    where m.value_count > 0

),

shares as (

    select
        {{ subject | join(', ') }},
        sum(row_count) as row_count,
        {%- for name in ['null', 'zero', 'default', 'unseen'] %}
        {{ ml_monitor.float64('sum(' ~ name ~ '_count)') }} / sum(row_count) as {{ name }}_share,
        {%- endfor %}
        {#- The most frequent of the values that are edges; zeros and defaults have shares of their own. #}
        {{ ml_monitor.float64('max(equal_count - zero_count - default_count)') }} / sum(row_count) as spike_share
    from (
        select
            w.*,
            case when c.column_kind = 'categorical' and w.slot = 0 then w.row_count else 0 end as unseen_count,
            case when c.column_kind = 'numeric' and w.slot > 0 and {{ ml_monitor.modulo('w.slot', 2) }} = 1 then w.row_count else w.zero_count + w.default_count end as equal_count
        from window_counts as w
        inner join declared_columns as c on w.column_name = c.column_name
    ) as flagged
    where row_count > 0
    group by {{ subject | join(', ') }}

),

baseline_shares as (

    select
        {% for key in series %}s.{{ key }}, {% endfor %}
        {%- for name in ml_monitor.watched_shares() %}
        {%- set angle = ml_monitor.share_angle('s.' ~ name ~ '_share') %}
        avg(s.{{ name }}_share) as {{ name }}_share,
        avg({{ angle }}) as {{ name }}_angle,
        coalesce(stddev_samp({{ angle }}), 0) as {{ name }}_angle_sd{{ ',' if not loop.last }}
        {%- endfor %}
    from shares as s
    inner join baseline_days as b on s.window_start = b.window_start and s.model_version = b.model_version
    where s.window_grain = 'day'
    group by {% for key in series %}s.{{ key }}{{ ', ' if not loop.last }}{% endfor %}

),

-- Days that moved far enough for another unit to be the reason.
suspects as (

    select
        m.window_start,
        m.column_name,
        {{ ml_monitor.is_restless('coalesce(r.restlessness, 0)') }} as is_restless
    from moments as m
    inner join written_windows as w on w.window_grain = 'day' and m.window_start = w.window_start
    left join psi_values as v on {% for key in subject %}m.{{ key }} = v.{{ key }}{{ ' and ' if not loop.last }}{% endfor %}
    left join restlessness as r on r.window_grain = 'day' and {% for key in series %}m.{{ key }} = r.{{ key }}{{ ' and ' if not loop.last }}{% endfor %}
    left join charts on {% for key in subject %}m.{{ key }} = charts.{{ key }}{{ ' and ' if not loop.last }}{% endfor %}
    where
        m.window_grain = 'day'
        and m.segment_name = '__all__'
        and m.model_version = '__all__'
        and (
            (v.psi_excess > 0.2 and not {{ ml_monitor.is_restless('coalesce(r.restlessness, 0)') }})
            or abs(m.current_z_mean - charts.center) > 5 * charts.scale
        )

),

-- Their quantiles, and those of the 28 days before, by day: the median of these is not moved by a few bad days.
day_cells as (

    select
        {{ ml_monitor.truncate('day', 'p.window_start') }} as window_start,
        p.column_name,
        p.slot,
        p.cell,
        sum(p.row_count) as row_count,
        sum(p.z_sum) as z_sum
    from {{ ml_monitor.aliased(profile, 'p') }}
    where
        p.segment_name = '__all__'
        and p.slot >= 0
        and p.column_name in (select column_name from suspects)
        and exists (
            select 1
            from suspects
            where
                suspects.column_name = p.column_name
                and p.window_start < {{ ml_monitor.date_add('day', 1, 'suspects.window_start') }}
                and p.window_start >= {{ ml_monitor.date_add('day', -28, 'suspects.window_start') }}
        )
    group by {{ ml_monitor.truncate('day', 'p.window_start') }}, p.column_name, p.slot, p.cell

),

{{ ml_monitor.quantiles_from_cells('day_cells', ['window_start', 'column_name'], unit_quantiles, 'day_quantiles') }}

unit_changes as (

    select
        window_start,
        column_name,
        {{ ml_monitor.unit_change_name(current_names, reference_names, tolerance=4, near_share=0.1, near='not is_restless') }} as unit_change
    from (
        select
            s.window_start,
            s.column_name,
            s.is_restless
            {%- for name in unit_quantiles %},
            max(grid.center + grid.scale * q.{{ name }}) as current_{{ name }},
            {{ ml_monitor.quantile(0.5, 'grid.center + grid.scale * t.' ~ name) }} as reference_{{ name }}
            {%- endfor %}
        from suspects as s
        inner join day_quantiles as q on s.window_start = q.window_start and s.column_name = q.column_name
        inner join day_quantiles as t
            on
                s.column_name = t.column_name
                and t.window_start < s.window_start
                and t.window_start >= {{ ml_monitor.date_add('day', -28, 's.window_start') }}
        inner join {{ ml_monitor.numeric_grid(monitor) }} as grid on s.column_name = grid.column_name
        group by s.window_start, s.column_name, s.is_restless
        having count(*) >= 7
    ) as quantiles

),

joined as (

    select
        {% for key in subject %}s.{{ key }}, {% endfor %}
        unit_changes.unit_change,
        case when s.window_grain = 'month' then 'training' else 'serving' end as baseline,
        w.window_end,
        c.column_role,
        c.column_kind,
        baseline_states.baseline_state,
        case when b.window_start is null then false else true end as is_in_baseline,
        coalesce(shares.row_count, 0) as row_count,
        coalesce(bin_totals.reference_rows, 0) as reference_rows,
        coalesce(bin_totals.current_rows, 0) as current_rows,
        coalesce(v.bin_count, 0) as bin_count,
        v.psi,
        v.psi_excess,
        v.psi_noise,
        v.psi_p_value,
        {%- for name in ml_monitor.other_distances() %}
        v.{{ name }},
        {%- endfor %}
        coalesce(r.restlessness, 0) as restlessness,
        case when s.window_grain <> 'month' then coalesce(r.baseline_windows, 0) end as baseline_windows,
        top_bins.bin as top_bin,
        top_bins.holds_rest as top_bin_holds_rest,
        top_bins.reference_share as top_bin_reference_share,
        top_bins.current_share as top_bin_current_share,
        grid.center + grid.scale * m.reference_z_mean as reference_mean,
        grid.center + grid.scale * m.current_z_mean as current_mean,
        grid.scale * sqrt(m.reference_z_variance) as reference_sd,
        case when m.reference_z_variance > 0 then (m.current_z_mean - m.reference_z_mean) / sqrt(m.reference_z_variance) end as mean_shift,
        grid.center + grid.scale * charts.center as chart_center,
        grid.scale * charts.scale as chart_scale,
        charts.window_count as chart_windows,
        case when charts.scale > 0 then (m.current_z_mean - charts.center) / charts.scale end as mean_shift_sd,
        {%- for name in ml_monitor.watched_shares() %}
        shares.{{ name }}_share,
        shares.{{ name }}_share - baseline_shares.{{ name }}_share as {{ name }}_share_change,
        {{ ml_monitor.share_noise(
            'shares.' ~ name ~ '_share - baseline_shares.' ~ name ~ '_share', 'baseline_shares.' ~ name ~ '_share',
            'baseline_shares.' ~ name ~ '_angle', 'baseline_shares.' ~ name ~ '_angle_sd', 'shares.row_count'
        ) }} as {{ name }}_share_noise{{ ',' if not loop.last }}
        {%- endfor %}
    from subjects as s
    inner join written_windows as w on s.window_grain = w.window_grain and s.window_start = w.window_start
    inner join declared_columns as c on s.column_name = c.column_name
    left join windows_in_baseline as b on s.window_grain = b.window_grain and s.window_start = b.window_start and s.model_version = b.model_version
    left join baseline_states
        on
            baseline_states.baseline = case when s.window_grain = 'month' then 'training' else 'serving' end
            and baseline_states.model_version in (s.model_version, '__any__')
    left join bin_totals on {% for key in subject %}s.{{ key }} = bin_totals.{{ key }}{{ ' and ' if not loop.last }}{% endfor %}
    left join psi_values as v on {% for key in subject %}s.{{ key }} = v.{{ key }}{{ ' and ' if not loop.last }}{% endfor %}
    left join restlessness as r
        on s.window_grain = r.window_grain and {{ ml_monitor.season(spec, 's') }} = r.season and {% for key in series %}s.{{ key }} = r.{{ key }}{{ ' and ' if not loop.last }}{% endfor %}
    left join top_bins on top_bins.contribution_rank = 1 and {% for key in subject %}s.{{ key }} = top_bins.{{ key }}{{ ' and ' if not loop.last }}{% endfor %}
    left join moments as m on {% for key in subject %}s.{{ key }} = m.{{ key }}{{ ' and ' if not loop.last }}{% endfor %}
    left join charts on {% for key in subject %}s.{{ key }} = charts.{{ key }}{{ ' and ' if not loop.last }}{% endfor %}
    left join shares on {% for key in subject %}s.{{ key }} = shares.{{ key }}{{ ' and ' if not loop.last }}{% endfor %}
    left join baseline_shares on {% for key in series %}s.{{ key }} = baseline_shares.{{ key }}{{ ' and ' if not loop.last }}{% endfor %} and s.window_grain = 'day'
    left join {{ ml_monitor.numeric_grid(monitor) }} as grid on s.column_name = grid.column_name
    left join unit_changes
        on s.window_grain = 'day' and s.segment_name = '__all__' and s.window_start = unit_changes.window_start and s.column_name = unit_changes.column_name

),

-- Benjamini and Hochberg: the least share of false discoveries among the columns of a window at which this one is still among them.
p_ranks as (

    select
        {{ subject | join(', ') }},
        psi_p_value,
        row_number() over (partition by window_grain, window_start order by psi_p_value) as p_rank,
        count(*) over (partition by window_grain, window_start) as family_size
    from joined
    where psi_p_value is not null

),

q_values as (

    select
        {{ subject | join(', ') }},
        {% set lowest -%}
        min(psi_p_value * family_size / p_rank) over (
            partition by window_grain, window_start
            order by p_rank desc
            rows between unbounded preceding and current row
        )
        {%- endset -%}
        {{ ml_monitor.least_of([1, lowest]) }} as psi_q_value
    from p_ranks

),

{{ ml_monitor.bin_labels(grid) }}

final as (

    select
        {{ ml_monitor.surrogate_key(["'" ~ monitor ~ "'", 'joined.baseline', 'joined.window_grain', 'joined.window_start', 'joined.model_version', 'joined.segment_name', 'joined.segment_value', 'joined.column_name']) }} as drift_id,
        cast('{{ monitor }}' as {{ text }}) as monitor,
        cast(joined.window_grain as {{ text }}) as window_grain,
        joined.window_start,
        joined.window_end,
        {%- for name in ['baseline', 'model_version', 'segment_name', 'segment_value', 'column_name', 'column_role', 'column_kind'] %}
        cast(joined.{{ name }} as {{ text }}) as {{ name }},
        {%- endfor %}
        joined.is_in_baseline,
        cast(joined.row_count as bigint) as row_count,
        cast(joined.reference_rows as bigint) as reference_rows,
        cast(joined.current_rows as bigint) as current_rows,
        cast(joined.bin_count as int) as bin_count,
        {%- for name in ['psi', 'psi_excess', 'psi_noise', 'restlessness'] %}
        {{ ml_monitor.float64('joined.' ~ name) }} as {{ name }},
        {%- endfor %}
        {{ ml_monitor.float64('joined.psi_p_value') }} as psi_p_value,
        {{ ml_monitor.float64('q_values.psi_q_value') }} as psi_q_value,
        {%- for name in ml_monitor.other_distances() %}
        {{ ml_monitor.float64('joined.' ~ name) }} as {{ name }},
        {%- endfor %}
        cast(joined.baseline_windows as int) as baseline_windows,
        {{ ml_monitor.float64(ml_monitor.min_detectable('joined')) }} as min_detectable,
        coalesce(joined.psi_excess > {{ ml_monitor.min_detectable('joined') }}, false) as is_drift_detected,
        cast({{ ml_monitor.psi_reason('joined') }} as {{ text }}) as psi_reason,
        cast({{ ml_monitor.bin_text(spec, 'joined.column_name', 'bin_labels.label', 'joined.top_bin', 'joined.top_bin_holds_rest') }} as {{ text }}) as top_bin,
        {%- for name in ['top_bin_reference_share', 'top_bin_current_share', 'reference_mean', 'current_mean', 'reference_sd', 'mean_shift', 'chart_center', 'chart_scale'] %}
        {{ ml_monitor.float64('joined.' ~ name) }} as {{ name }},
        {%- endfor %}
        cast(joined.chart_windows as int) as chart_windows,
        {{ ml_monitor.float64('joined.mean_shift_sd') }} as mean_shift_sd,
        cast(case
            when joined.current_rows = 0 then 'insufficient_sample'
            when not {{ ml_monitor.is_restless('joined.restlessness') }} then 'covered_by_psi'
            when joined.mean_shift_sd is null or joined.chart_windows < 7 then 'no_baseline'
        end as {{ text }}) as chart_reason,
        {%- for name in ml_monitor.watched_shares() %}
        {{ ml_monitor.float64('joined.' ~ name ~ '_share') }} as {{ name }}_share,
        {{ ml_monitor.float64('joined.' ~ name ~ '_share_change') }} as {{ name }}_share_change,
        {{ ml_monitor.float64('joined.' ~ name ~ '_share_noise') }} as {{ name }}_share_noise,
        {%- endfor %}
        cast(joined.unit_change as {{ text }}) as unit_change,
        cast(joined.baseline_state as {{ text }}) as baseline_state,
        {{ ml_monitor.window_key('joined.window_grain', 'joined.window_start') }} as rebuild_key,
        cast('{{ declaration_hash }}' as {{ text }}) as declaration_hash,
        cast((select ml_batch from newest) as bigint) as ml_batch
    from joined
    left join q_values on {% for key in subject %}joined.{{ key }} = q_values.{{ key }}{{ ' and ' if not loop.last }}{% endfor %}
    left join bin_labels on joined.column_name = bin_labels.column_name and joined.top_bin = bin_labels.bin

)

select * from final
{%- endcall %}
{% endmacro %}


{#-
  The season a window is compared within: the hour of the clock for hours, and with weekends_apart 24 more on weekends; -1 for days and more.
  Arguments: spec, alias (of a relation with window_grain and window_start). Returns: SQL, an int.
-#}
{% macro season(spec, alias) %}
    {%- if 'hour' not in spec.drift_windows -%}{%- do return('-1') -%}{%- endif -%}
    {%- set local = ml_monitor.local_time(alias ~ '.window_start', spec.time_zone) -%}
    {%- set weekend = ' + case when ' ~ ml_monitor.is_weekend(local) ~ ' then 24 else 0 end' if spec.weekends_apart else '' -%}
    {%- do return('case when ' ~ alias ~ ".window_grain = 'hour' then cast(extract(hour from " ~ local ~ ') as int)' ~ weekend ~ ' else -1 end') -%}
{% endmacro %}


{#- The monitored columns as rows: column_name, column_role, column_kind, version_scope, edges (of the grid), is_in_reference. -#}
{% macro declared_columns_values(columns) %}
    {%- set text = ml_monitor.text_type() -%}
    {%- for column in columns %}
    select
        cast({{ ml_monitor.string_literal(column.name) }} as {{ text }}) as column_name,
        cast('{{ column.role }}' as {{ text }}) as column_role,
        cast('{{ column.kind }}' as {{ text }}) as column_kind,
        cast('{{ column.scope }}' as {{ text }}) as version_scope,
        {{ column.edges }} as edges,
        {{ 'true' if column.in_reference else 'false' }} as is_in_reference
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- else %}
    select
        cast(null as {{ text }}) as column_name,
        cast(null as {{ text }}) as column_role,
        cast(null as {{ text }}) as column_kind,
        cast(null as {{ text }}) as version_scope,
        0 as edges,
        false as is_in_reference
    where 1 = 0
    {%- endfor %}
{% endmacro %}


{#-
  Population variance from summed counts, sums and sums of squares, some of which may be negative (a window taken out of its
  baseline). A variance below 1e-10 of the squares it is the difference of is what rounding leaves of 0.
  Arguments: SQL, of which sums are taken. Returns: SQL; NULL without rows.
-#}
{% macro variance_from_sums(row_count, value_sum, squared_sum) -%}
    {%- set mean = 'sum(' ~ value_sum ~ ') / sum(' ~ row_count ~ ')' -%}
    {%- set variance = 'sum(' ~ squared_sum ~ ') / sum(' ~ row_count ~ ') - (' ~ mean ~ ') * (' ~ mean ~ ')' -%}
    case
        when sum({{ row_count }}) > 0
            then case when sum({{ row_count }}) * ({{ variance }}) > 1e-10 * sum(abs({{ squared_sum }})) then {{ variance }} else 0 end
    end
{%- endmacro %}


{#- The additive measures of profile rows (alias `p`), summed; nulls are slot -1. -#}
{% macro summed_measures() -%}
sum(p.row_count) as row_count,
        sum(p.z_sum) as z_sum,
        sum(p.z_squared_sum) as z_squared_sum,
        sum(case when p.slot = -1 then p.row_count else 0 end) as null_count,
        sum(p.zero_count) as zero_count,
        sum(p.default_count) as default_count
{%- endmacro %}


{#-
  What a kept bin holds, in words and with the declared unit of its column. Arguments: spec, column_name (SQL), label (SQL, of
  bin_labels), bin, holds_rest (SQL, of <prefix>_bins). Returns: SQL.
-#}
{% macro bin_text(spec, column_name, label, bin, holds_rest) %}
    {%- set ns = namespace(unit='') -%}
    {%- for column in spec.inferences if column.unit -%}
        {%- set ns.unit = ns.unit ~ ' when ' ~ column_name ~ ' = ' ~ ml_monitor.string_literal(column.name) ~ ' then ' ~ ml_monitor.string_literal(' ' ~ column.unit) -%}
    {%- endfor -%}
    {%- set unit = ' || case when ' ~ bin ~ " = -99 then ''" ~ ns.unit ~ " else '' end" if ns.unit else '' -%}
    {%- do return(label ~ unit ~ ' || case when ' ~ holds_rest ~ ' = 1 and ' ~ bin ~ " <> -99 then ' or any other value' else '' end") -%}
{% endmacro %}


{#-
  What a bin holds, in words, as the CTE `bin_labels` (column_name, bin, label): a category, one value, or a range.
  Arguments: grid (relation: <m>__grid).
-#}
{% macro bin_labels(grid) -%}
{%- set text = ml_monitor.text_type() -%}
grid_edges as (
    {% for k in range(20) %}
    select column_name, {{ k }} as edge_number, edge_{{ '%02d' % k }} as edge from {{ grid }} where edge_{{ '%02d' % k }} < {{ ml_monitor.float64("'Infinity'") }}
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}

),

bin_labels as (

    select column_name, category_rank as bin, category as label from {{ grid }} where category is not null
    union all
    select column_name, 2 * edge_number + 1 as bin, {{ ml_monitor.number_text('edge') }} as label from grid_edges
    union all
    select
        low.column_name,
        2 * low.edge_number + 2 as bin,
        case
            when high.edge is null then 'above ' || {{ ml_monitor.number_text('low.edge') }}
            else {{ ml_monitor.number_text('low.edge') }} || ' to ' || {{ ml_monitor.number_text('high.edge') }}
        end as label
    from grid_edges as low
    left join grid_edges as high on low.column_name = high.column_name and low.edge_number + 1 = high.edge_number
    union all
    select column_name, 0 as bin, 'below ' || {{ ml_monitor.number_text('edge') }} as label from grid_edges where edge_number = 0
    union all
    select distinct column_name, -99 as bin, 'all other values' as label from grid_edges
    union all
    select distinct column_name, -99 as bin, 'all other values' as label from {{ grid }} where category is not null

),
{%- endmacro %}


{#- The columns of <m>__drift. -#}
{% macro drift_columns() %}
    {%- do return(ml_monitor.listed_columns([
        ['drift_id', 'string', 'md5 of monitor, baseline, window_grain, window_start, model_version, segment and column_name.'],
        'monitor',
        ['window_grain', 'day, and where drift_windows declares them hour, week or rolling, for baseline serving; month for training.'],
        'window_start', 'window_end',
        ['baseline', 'What the window is compared with: serving or training.'],
        ['model_version', 'Model version of scores and predictions; `__all__` for other columns, which are judged over all versions.'],
        'segment_name', 'segment_value', 'column_name', 'column_role', 'column_kind',
        ['is_in_baseline', 'boolean', 'True if days of the baseline are in the window; it is then compared with the rest of the baseline.'],
        'row_count',
        ['reference_rows', 'bigint', 'Values of the baseline that PSI counts (categories or finite numbers).'],
        ['current_rows', 'Values of the window that PSI counts (categories or finite numbers).'],
        ['bin_count', 'int', 'Bins after pooling; 0 if either side has no values.'],
        ['psi', 'double', 'Population stability index, 0 or more; NULL with fewer than two bins.'],
        ['psi_excess', 'double', 'PSI less its expectation under no drift; may be below 0.'],
        ['psi_noise', 'double', '0.9995 quantile of psi_excess under no drift, by sampling alone.'],
        ['restlessness', 'double', 'Mean psi_excess of the windows of the baseline against the rest of it, 0 or more; 0 for training.'],
        ['psi_p_value', 'double', 'Chance of a psi at least so large under no drift, by sampling alone; restlessness is not in it.'],
        ['psi_q_value', 'double', 'psi_p_value among the rows of the window, by Benjamini and Hochberg: the share of false discoveries if '
            'all rows up to this one are called drift.'],
        ['js_distance', 'double', 'Jensen-Shannon distance of the kept bins, base 2: 0 to 1.'],
        ['hellinger', 'double', 'Hellinger distance of the kept bins: 0 to 1.'],
        ['tv', 'double', 'Total variation: half the sum of the absolute differences of the shares of the kept bins.'],
        ['linf', 'double', 'Largest absolute difference of the shares of one kept bin.'],
        ['chi2', 'double', "Pearson's chi-square of both sides over the kept bins, with bin_count - 1 degrees of freedom."],
        ['cramers_v', 'double', 'sqrt(chi2 / (reference and current rows)): 0 to 1.'],
        ['baseline_windows', 'Windows of the baseline that restlessness was measured on; NULL for training.'],
        ['min_detectable', 'double', 'Smallest psi_excess that could be told from noise: psi_noise + 16 * restlessness, and as much again '
            'of what chance does not explain of it (docs/metrics.md).'],
        ['is_drift_detected', 'boolean', 'True if psi_excess is above min_detectable: evidence, not yet a verdict.'],
        ['psi_reason', 'string', 'Why PSI cannot be judged: insufficient_sample, no_baseline, too_few_bins or restless; else NULL.'],
        ['top_bin', 'string', 'What the bin holds that contributes most to PSI: a category, a value or a range.'],
        ['top_bin_reference_share', 'double', 'Smoothed share of that bin in the baseline (0 to 1).'],
        ['top_bin_current_share', 'double', 'Smoothed share of that bin in the window (0 to 1).'],
        ['reference_mean', 'double', 'Mean of the baseline, in the unit of the column; NULL for categories.'],
        ['current_mean', 'double', 'Mean of the window, in the unit of the column; NULL for categories.'],
        ['reference_sd', 'double', 'Standard deviation of the baseline, in the unit of the column; NULL for categories.'],
        ['mean_shift', 'double', '(current_mean - reference_mean) / reference_sd; NULL if that is undefined.'],
        ['chart_center', 'double', 'Median of the daily means of the 28 days before, in the unit of the column; NULL for segments and '
            'months.'],
        ['chart_scale', 'double', 'Spread of daily means, in the unit of the column: the largest of that of the 28 days before, of the '
            'baseline, and of sampling.'],
        ['chart_windows', 'int', 'Days with at least 30 values among the 28 before (1 to 28); NULL without any.'],
        ['mean_shift_sd', 'double', '(current_mean - chart_center) / chart_scale.'],
        ['chart_reason', 'string', 'Why mean_shift_sd is not judged: covered_by_psi, insufficient_sample or no_baseline; else NULL.'],
        ['null_share', 'double', 'NULLs per row (0 to 1).'],
        ['null_share_change', 'double', 'null_share less its mean over the serving baseline (-1 to 1); NULL for training.'],
        ['null_share_noise', 'double', 'Change that is still noise: five times the larger of the sd between days of the baseline and the '
            'sd of sampling, both of the angle asin(sqrt(share)).'],
        ['zero_share', 'double', "Zeros (categories: '0') per row (0 to 1)."],
        ['zero_share_change', 'double', 'zero_share less its mean over the serving baseline (-1 to 1); NULL for training.'],
        ['zero_share_noise', 'double', 'Change that is still noise, as null_share_noise.'],
        ['default_share', 'double', 'Declared default values per row (0 to 1).'],
        ['default_share_change', 'double', 'default_share less its mean over the serving baseline (-1 to 1); NULL for training.'],
        ['default_share_noise', 'double', 'Change that is still noise, as null_share_noise.'],
        ['spike_share', 'double', 'Rows of the most frequent number that is an edge of the grid, zeros and defaults left out, per row (0 '
            'to 1).'],
        ['spike_share_change', 'double', 'spike_share less its mean over the serving baseline (-1 to 1); NULL for training.'],
        ['spike_share_noise', 'double', 'Change that is still noise, as null_share_noise.'],
        ['unseen_share', 'double', 'Rows whose category is not in the grid per row (0 to 1).'],
        ['unseen_share_change', 'double', 'unseen_share less its mean over the serving baseline (-1 to 1); NULL for training.'],
        ['unseen_share_noise', 'double', 'Change that is still noise, as null_share_noise.'],
        ['unit_change', 'string', 'Change of unit that explains how the quantiles of the day moved; NULL if none does, or nothing moved.'],
        ['baseline_state', 'What the baseline was made of; when it changes, the windows are rewritten.'],
        'rebuild_key', 'declaration_hash', 'ml_batch',
    ])) -%}
{% endmacro %}

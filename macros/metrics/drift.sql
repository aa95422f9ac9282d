{#-
  Model <m>__drift: how far each monitored column is from its baselines.

  Two comparisons: against the `serving` baseline each day, by total and by segment, and the last 7 and 28 days of each day, totals only;
  against the `training` set each month, and the days of the baseline as a whole (window_grain `baseline`), so that a monitor is not blind
  before it has a baseline; where declared (drift_windows), also hours, totals only, against the same hours of the clock in the baseline.
  Scores and predictions are compared within their version. PSI is over finite values; nulls, zeros and declared
  default values are shares of their own beside it, since PSI cannot see a small surge of zeros. Where a column moves too
  much from day to day for PSI, the window-mean chart covers it: the day's mean against the median of the 28 days before,
  in units of the days' own spread, which follows the season and is not moved by a few bad days. A day that moved far is compared
  with the 28 days before by the known changes of unit (unit_change_name; docs/decisions/0012-unit-changes.md), by quantiles from cells.

  The select is one chain of CTEs, each of which is read once or twice, since some engines compute a CTE as often as it is read. A compared
  series (version, segment, column) is one integer. What another row of a series says comes from window functions.

  Arguments: monitor (string).
  Columns: drift_columns; units: shares and PSI are plain numbers, means are in the column's unit.
  Source: STATISTICS, "Restlessness", "Verdict", "Baselines"; docs/decisions/0004-window-mean-chart.md.
-#}
{% macro drift(monitor) %}
    {{- ml_monitor.monitor_model(
        monitor, reads=[
            'hourly_profile', 'baseline_windows', 'grid', 'reference_profile', 'ml_chi_square_quantiles', 'expected_changes',
        ],
        key='rebuild_key', access='public'
    ) -}}
    {%- if execute -%}{{ ml_monitor.drift_select(monitor) }}{%- endif -%}
{% endmacro %}


{#- The select of <m>__drift. Arguments: monitor (string). -#}
{% macro drift_select(monitor) %}
    {%- set spec = ml_monitor.monitor_spec(monitor) -%}
    {%- set columns = ml_monitor.monitored_columns(spec) | rejectattr('role', 'in', ml_monitor.rule_roles()) | list -%}
    {%- set has_reference = ml_monitor.has_part(monitor, 'reference') -%}
    {%- set hash = ml_monitor.declaration_hash(spec, 'drift') -%}
    {%- set key = ['window_grain', 'window_start', 'series'] -%}
    {%- set head = ml_monitor.drift_windows(monitor, spec, columns, hash, has_reference) -%}
{%- set computing = ['counted', 'psi_kept', 'psi_shares', 'psi_bins', 'psi_sums', 'psi_values', 'compared', 'explained'] -%}
{%- call ml_monitor.select_if_any('drift', monitor, head, 'written_windows', hashes={hash: computing}) %}

-- Which CTE makes which column:
--   counted        row_count, *_rows and *_share
--   judged_values  psi to cramers_v, top_bin
--   varied         baseline_variation, baseline_windows, changes of shares and their noise
--   days_before    chart_*
--   compared       means, verdict, reasons
--   explained      unit_change, the text of top_bin
{{ ml_monitor.drift_days(monitor, spec, has_reference) }}

{{ ml_monitor.drift_counts(spec, columns, has_reference) }}

{{ ml_monitor.drift_bins(monitor, spec, has_reference) }}

psi_counts as (

    select {{ key | join(', ') }}, slot as bin, is_number = 0 and slot = 0 as is_pooled, reference_count, current_count, own_count
    from bins
    where slot >= 0 and window_end is not null

),

{{ ml_monitor.distances_from_counts('psi_counts', key, own_count='own_count') }}

{{ ml_monitor.false_discoveries('psi_values', ['window_grain', 'window_start'], 'psi_p_value', 'psi_q_value', 'judged_values') }}

{{ ml_monitor.drift_measures(monitor, spec, hash) }}

{{ ml_monitor.drift_comparison(monitor, spec) }}

{{ ml_monitor.drift_units(monitor) }}

{{ ml_monitor.bin_labels(spec) }}

{%- set shown = {} -%}
{%- set example = 'case when m.rest_bin = 0 then ' ~ ml_monitor.without_count('m.example') ~ ' end' -%}
{%- for bin in ['top', 'counter'] -%}
    {%- set label = ml_monitor.bin_text(spec, 'm.column_name', bin ~ '_labels.label', bin ~ '_labels.bin') -%}
    {%- do shown.update({bin: 'coalesce(' ~ example ~ ', ' ~ label ~ ", 'a new value')"}) -%}
    {%- do shown.update({bin ~ '_label': label}) -%}
{%- endfor %}
{%- set is_far = "case when m.window_grain = 'baseline' and m.column_role = 'feature' and m.is_drift_detected then 1 else 0 end" %}
explained as (

    select
        m.*,
        {%- for bin in ['top', 'counter'] %}
        case
            when m.{{ bin }}_bin_number = -99 and m.rest_bin is not null then 'other values (mostly ' || {{ shown[bin] }} || ')'
            else {{ shown[bin ~ '_label'] }}
        end as {{ bin }}_bin,
        {%- endfor %}
        case
            when m.rest_bin is null then null
            when m.top_bin_number = -99 then {{ shown.top }}
            when m.counter_bin_number = -99 then {{ shown.counter }}
            else {{ example }}
        end as rest_value,
        {%- if has_reference %}
        case when {{ is_far }} = 1 and row_number() over farthest = 1 then
            m.column_name
            {%- for n in [1, 2] %}
            || coalesce(', ' || lead(case when {{ is_far }} = 1 then m.column_name end, {{ n }}) over farthest, '')
            {%- endfor %}
        end as farthest_columns,
        {%- endif %}
        {%- set current, reference = [], [] -%}
        {%- for name in ['p10', 'p25', 'p50', 'p75', 'p90'] -%}
            {%- do current.append('u.current_' ~ name) -%}
            {%- do reference.append('u.reference_' ~ name) -%}
        {%- endfor %}
        case when u.window_start is not null then {{ ml_monitor.unit_change_name(
            current, reference, tolerance=4, near_share=0.1, near='m.is_too_variable = 0'
        ) | indent(8) }} end as unit_change
    from compared as m
    {%- for bin in ['top', 'counter'] %}
    left join bin_labels as {{ bin }}_labels
        on
            m.column_name = {{ bin }}_labels.column_name
            and case when m.{{ bin }}_bin_number = -99 then coalesce(m.rest_bin, -99) else m.{{ bin }}_bin_number end = {{ bin }}_labels.bin
    {%- endfor %}
    left join unit_quantiles as u on m.is_suspect = 1 and m.column_name = u.column_name and m.window_start = u.window_start
    {%- if has_reference %}
    window farthest as (
        partition by m.window_grain, m.window_start order by {{ is_far }} desc, m.psi_excess desc, m.column_name
    )
    {%- endif %}

),

{{ ml_monitor.final_select(
    monitor, 'drift', 'explained',
    ['baseline', 'window_grain', 'window_start', 'model_version', 'segment_name', 'segment_value', 'column_name'], hash,
    values=dict(
        {'rebuild_key': "case when window_grain = 'baseline' then 'baseline' else " ~ ml_monitor.window_key() ~ ' end'},
        **({} if has_reference else {'farthest_columns': 'null'})
    )
) }}
{%- endcall %}
{% endmacro %}


{#-
  The windows of drift and what is written of them, as CTEs that end in `written_windows` (window_grain, window_start, window_end).
  Arguments: monitor (string), spec, columns (list of dicts), hash (string: declaration_hash), has_reference (boolean).
-#}
{% macro drift_windows(monitor, spec, columns, hash, has_reference) -%}
    {%- set changes = ml_monitor.has_expected_changes() -%}
    {%- set grains = spec.drift_windows + (['month'] if has_reference else []) -%}
{{ ml_monitor.window_ctes(hash, ref(monitor ~ '__hourly_profile'), 'row_count', grains, "column_name = '__rows__'") }}

declared_columns as (
    {{ ml_monitor.declared_columns_values(columns) }}
),

{% if changes -%}
{{ ml_monitor.dated_columns(monitor) }}

{% endif -%}
{{ ml_monitor.baseline_days(ref(monitor ~ '__baseline_windows'), has_span=has_reference, has_changes=changes) }}

{{ ml_monitor.baseline_states(ref(monitor ~ '__reference_profile') if has_reference else none, has_changes=changes) }}


{% if ml_monitor.is_incremental() -%}
{{ ml_monitor.changed_baselines(has_changes=changes) }}

-- Each window with the last touched one of its grain up to it.
dated_windows as (

    select
        w.window_grain,
        w.window_start,
        w.window_end,
        max(touched.window_start) over (partition by w.window_grain order by w.window_start) as last_touched
    from windows as w
    left join touched_windows as touched on w.window_grain = touched.window_grain and w.window_start = touched.window_start

),

-- A day is also written when one of the 28 days before was touched: its chart looks back on them.
written_windows as (

    select w.window_grain, w.window_start, w.window_end
    from dated_windows as w
    where
        w.last_touched >= case
            when w.window_grain = 'day' then {{ ml_monitor.date_add('day', -28, 'w.window_start') }}
            else w.window_start
        end
        or exists (select 1 from changed_baselines)

),
{%- else -%}
written_windows as (

    select window_grain, window_start, window_end from windows

),
{%- endif %}
{%- endmacro %}


{#-
  The counts of each day, as CTEs that end in `day_counts`, by series and slot; `series` numbers the versions, segments and columns.
  Arguments: monitor (string), spec, has_reference (boolean).
-#}
{% macro drift_days(monitor, spec, has_reference) -%}
    {%- set profile = ref(monitor ~ '__hourly_profile') -%}
    {%- set changes = ml_monitor.has_expected_changes() -%}
    {%- set declared = 'dated_columns' if changes else 'declared_columns' -%}
    {%- set has_hours = 'hour' in spec.drift_windows -%}
    {%- set day = ml_monitor.truncate('day', 'p.window_start') -%}
    {%- set of_series = ml_monitor.rows_of_series() -%}
    {%- set measures = ml_monitor.drift_sums() -%}
-- One integer for each version, segment and column.
series as (

    select row_number() over (order by k.column_name, k.segment_name, k.segment_value, k.model_version
        {{- ', k.baseline_since' if changes }}) as series, k.*
    from (
        select distinct
            case when c.version_scope = 'version' then p.model_version else '__all__' end as model_version,
            p.segment_name,
            p.segment_value,
            c.*
        from {{ ml_monitor.aliased(profile, 'p') }}
        inner join {{ declared }} as c on p.column_name = c.column_name
        union
        select '__all__' as model_version, '__all__' as segment_name, '__all__' as segment_value, c.* from {{ declared }} as c
    ) as k

),

{% if ml_monitor.is_incremental() -%}
-- The days to read: of the windows to write, of the 28 days before a chart, and of the baseline.
read_days as (

    select day, max(has_segments) as has_segments, max(is_charted) as is_charted
    from (
        select
            cast({{ ml_monitor.date_add('day', 'n.days', ml_monitor.truncate('day', 'w.window_start')) }} as timestamp) as day,
            case when n.days = 0 and w.window_grain = 'day' then 1 else 0 end as has_segments,
            case when w.window_grain = 'day' then 1 else 0 end as is_charted
        from written_windows as w
        inner join ({{ ml_monitor.days_from(-28, 30) }}) as n
            on
                (n.days >= 0 or w.window_grain = 'day')
                and {{ ml_monitor.date_add('day', 'n.days', ml_monitor.truncate('day', 'w.window_start')) }} < w.window_end
        union all
        select window_start as day, 1 as has_segments, 0 as is_charted from baseline_days
    ) as reasons
    group by day

),

{% endif -%}
day_counts as (

    select
        s.series,
        {{ day }} as day,
        {%- if has_hours %}
        p.window_start,
        p.window_grain,
        {%- endif %}
        p.slot,
        max(p.example) as example,
        max(case when s.segment_name = '__all__' then 1 else 0 end) as is_total,
        {%- if has_reference %}
        max(case when s.is_in_reference and s.segment_name = '__all__' then 1 else 0 end) as has_months,
        max(case when s.version_scope = 'all' then b.first_day end) as baseline_start,
        {%- set baseline_end = ml_monitor.least_of(['b.baseline_end', 's.baseline_until']) if changes else 'b.baseline_end' %}
        max(case when s.version_scope = 'all' then {{ baseline_end }} end) as baseline_end,
        {%- endif %}
        {%- if changes %}
        min(s.baseline_since) as baseline_since,
        min(s.baseline_until) as baseline_until,
        {%- endif %}
        max(case when b.window_start is null then 0 else 1 end) as is_baseline,
        {%- for name in measures %}
        sum(p.{{ name }}) as {{ name }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ ml_monitor.aliased(profile, 'p') }}
    {{ of_series }}
    {%- if ml_monitor.is_incremental() %}
    inner join read_days as r on {{ day }} = r.day and (r.has_segments = 1 or p.segment_name = '__all__')
    {%- endif %}
    left join baseline_days as b on {{ day }} = b.window_start and s.model_version = b.model_version
        {{- ' and s.baseline_since = b.baseline_since' if changes }}
    group by s.series, {{ day }}, {{ 'p.window_start, p.window_grain, ' if has_hours }}p.slot

),
{%- endmacro %}


{#-
  The counts of each compared window, as CTEs that end in `window_counts`, by series, slot and, where is_subject is 1, over all slots;
  after drift_days. window_end is NULL for windows that are not written.
  Arguments: spec, columns (list of dicts), has_reference (boolean).
-#}
{% macro drift_counts(spec, columns, has_reference) -%}
    {%- set changes = ml_monitor.has_expected_changes() -%}
    {%- set has_hours = 'hour' in spec.drift_windows -%}
    {%- set measures = ml_monitor.drift_sums() -%}
    {#- Whether a window is written: a join is faster for a whole history; later runs would scan what windows are made of again. -#}
    {%- set adds = ml_monitor.is_incremental() -%}
    {#- The windows that have rows of versions only: no column of theirs is judged over all versions. -#}
    {%- set over_all = columns | selectattr('scope', 'equalto', 'all') | list -%}
    {%- set versionless = (spec.drift_windows if not over_all else [])
        + (['month'] if has_reference and not over_all | selectattr('in_reference') | list else []) -%}
    {%- set is_placed -%}
{{ "(s.version_scope = 'all' or w.window_grain in ('" ~ versionless | join("', '") ~ "'))" if versionless else "s.version_scope = 'all'" }}
            {{- " and (w.window_grain <> 'month' or s.is_in_reference)" if has_reference }}
            {{- ' and w.window_start >= s.baseline_since and w.window_end <= s.baseline_until' if changes }}
    {%- endset -%}
    {%- set spans = {'day': 'd.day', '7_days': 'cast(' ~ ml_monitor.date_add('day', '-g.days_back', 'd.day') ~ ' as timestamp)'} -%}
    {%- set conditions = ["(g.window_grain <> '7_days' or d.is_total = 1)"] -%}
    {%- if has_hours -%}
        {%- do spans.update({'hour': 'd.window_start'}) -%}
        {%- do conditions.append("(g.window_grain <> 'hour' or d.window_grain = 'hour')") -%}
    {%- endif -%}
    {%- if has_reference -%}
        {%- do spans.update({'month': ml_monitor.truncate('month', 'd.day'), 'baseline': 'd.baseline_start'}) -%}
        {%- do conditions.append("(g.window_grain <> 'month' or d.has_months = 1)") -%}
        {%- do conditions.append("(g.window_grain <> 'baseline' or d.has_months = 1 and d.baseline_end is not null)") -%}
    {%- endif -%}
    {%- set start -%}
case g.window_grain{% for grain, sql in spans.items() %} when '{{ grain }}' then {{ sql }}{% endfor %} end
    {%- endset -%}
-- Days are summed to the windows they lie in.
span_counts as (

    select
        g.window_grain,
        {{ start }} as window_start,
        d.series,
        d.slot,
        {%- if has_reference %}
        max(case g.window_grain when 'baseline' then d.baseline_end end) as window_end,
        {%- endif %}
        {%- if changes %}
        min(d.baseline_since) as baseline_since,
        min(d.baseline_until) as baseline_until,
        {%- endif %}
        max(d.example) as example,
        {%- for name in measures %}
        sum(d.{{ name }}) as {{ name }},
        {%- endfor %}
        {%- set own = "case when g.window_grain in ('month', 'baseline') then 0 else d.is_baseline end" %}
        {%- for name in measures[:3] %}
        sum({{ own if has_reference else 'd.is_baseline' }} * d.{{ name }})
            as own_{{ name }}{{ ',' if not loop.last }}
        {%- endfor %}
    from day_counts as d
    inner join (
        values
        {%- for grain in spans %}
        {% for back in range(7 if grain == '7_days' else 1) %}('{{ grain }}', {{ back }}){{ ', ' if not loop.last }}{% endfor -%}
        {{ ',' if not loop.last }}
        {%- endfor %}
    ) as g (window_grain, days_back)
        on {{ conditions | join(' and ') }}
    group by g.window_grain, {{ start }}, d.series, d.slot

),

-- 28 days are four times 7. A written window has a row of each column in any case, so that an emptied one is replaced.
window_counts as (

    select
        d.window_grain, d.window_start, d.series, d.slot,
        {{ ml_monitor.clock_hour(spec, 'd') }} as clock_hour,
        grouping(d.slot) as is_subject,
        {{ 'max(max(d.window_end)) over (partition by d.window_grain, d.window_start)' if adds
            else ('coalesce(max(w.window_end), max(d.window_end))' if has_reference else 'max(w.window_end)') }} as window_end,
        max(d.example) as example,
        {%- for name in measures %}
        sum(d.{{ name }}) as {{ name }},
        {%- endfor %}
        {%- for name in measures[:3] %}
        sum(d.own_{{ name }}) as own_{{ name }}{{ ',' if not loop.last }}
        {%- endfor %}
    from (
        select
            g.window_grain,
            case
                when g.days_back = 0 then s.window_start
                else cast({{ ml_monitor.date_add('day', '-g.days_back', 's.window_start') }} as timestamp)
            end as window_start,
            s.series,
            s.slot,
            {%- if has_reference %}
            s.window_end,
            {%- elif adds %}
            cast(null as timestamp) as window_end,
            {%- endif %}
            s.example,
            s.{{ measures | join(', s.') }},
            s.own_{{ measures[:3] | join(', s.own_') }}
        from span_counts as s
        inner join (
            values
            {%- for grain in spans %}
            ('{{ grain }}', '{{ grain }}', 0),
            {%- endfor %}
            ('7_days', '28_days', 0), ('7_days', '28_days', 7), ('7_days', '28_days', 14), ('7_days', '28_days', 21)
        ) as g (span, window_grain, days_back) on s.window_grain = g.span
        {%- if changes %}
        {%- set start = 'cast(' ~ ml_monitor.date_add('day', '-g.days_back', 's.window_start') ~ ' as timestamp)' %}
        -- Nothing that a change lies in is compared.
        where
            g.window_grain not in ('7_days', '28_days', 'month')
            or (
                {{ start }} >= s.baseline_since
                and case
                    when g.window_grain = 'month' then {{ ml_monitor.date_add('month', 1, start) }}
                    else {{ ml_monitor.date_add('day', ml_monitor.days_of_window('g'), start) }}
                end <= s.baseline_until
            )
        {%- endif %}
        union all
        select
            w.window_grain, w.window_start, s.series, null as slot,{{ ' w.window_end,' if adds or has_reference }} null as example,
            {% for name in measures %}0 as {{ name }}, {% endfor -%}
            {% for name in measures[:3] %}0 as own_{{ name }}{{ ', ' if not loop.last }}{% endfor %}
        from written_windows as w
        inner join series as s
            on s.model_version = '__all__' and s.segment_name = '__all__' and {{ is_placed }}
    ) as d
    {%- if not adds %}
    left join written_windows as w on d.window_grain = w.window_grain and d.window_start = w.window_start
    where w.window_end is not null or d.window_grain in ('day', 'baseline')
    {%- endif %}
    group by grouping sets (
        (d.window_grain, d.window_start, d.series, d.slot),
        (d.window_grain, d.window_start, d.series)
    )

),
{%- endmacro %}


{#-
  Each compared window beside its reference, as CTEs that end in `bins`: window_grain, window_start, series, slot, is_number (1 for finite
  numbers), clock_hour, window_end (NULL for days that only say how much a series moves), reference_count, reference_z_sum,
  reference_z_squared_sum, reference_magnitude (the squares this sum is the difference of), own_count (rows of the baseline), current_count,
  current_z_sum,
  current_z_squared_sum, zero_count, default_count; after drift_counts.
  Arguments: monitor (string), spec, has_reference (boolean).
-#}
{% macro drift_bins(monitor, spec, has_reference) -%}
    {%- set profile = ref(monitor ~ '__hourly_profile') -%}
    {%- set day = ml_monitor.truncate('day', 'p.window_start') -%}
    {%- set of_series = ml_monitor.rows_of_series() -%}
    {%- set has_hours = 'hour' in spec.drift_windows -%}
    {%- set slot = 'case when w.is_subject = 1 then r.slot else w.slot end' -%}
    {%- set names = {'row_count': 'count', 'z_sum': 'z_sum', 'z_squared_sum': 'z_squared_sum'} -%}
    {%- set measures = ml_monitor.drift_sums() -%}
    {%- set changes = ml_monitor.has_expected_changes() -%}
    {%- set sums_of_reference = 'sum(p.row_count) as row_count, sum(p.z_sum) as z_sum, sum(p.z_squared_sum) as z_squared_sum' -%}
-- By season (see macro clock_hour): the baseline, its hours by the hour of the clock, and the training set.
reference_counts as (

    select s.series, -1 as clock_hour, p.slot, {{ sums_of_reference }}
    from {{ ml_monitor.aliased(profile, 'p') }}
    {{ of_series }}
    inner join baseline_days as b on {{ day }} = b.window_start and s.model_version = b.model_version
        {{- ' and s.baseline_since = b.baseline_since' if changes }}
    group by s.series, p.slot
    {%- if has_hours %}
    union all
    select s.series, {{ ml_monitor.clock_hour(spec, 'p') }} as clock_hour, p.slot, {{ sums_of_reference }}
    from {{ ml_monitor.aliased(profile, 'p') }}
    {{ of_series }}
    inner join baseline_days as b on {{ day }} = b.window_start and s.model_version = b.model_version
        {{- ' and s.baseline_since = b.baseline_since' if changes }}
    where p.window_grain = 'hour' and p.segment_name = '__all__'
    group by s.series, {{ ml_monitor.clock_hour(spec, 'p') }}, p.slot
    {%- endif %}
    {%- if has_reference %}
    union all
    select s.series, -2 as clock_hour, p.slot, {{ sums_of_reference }}
    from {{ ml_monitor.aliased(ref(monitor ~ '__reference_profile'), 'p') }}
    inner join series as s
        on p.column_name = s.column_name and s.segment_name = '__all__' and (s.version_scope = 'all' or p.model_version = s.model_version)
    where p.rebuild_key = 'profile'
    group by s.series, p.slot
    {%- endif %}

),

-- A window beside its reference, less its own days: its rows by slot are the window, and its row over all slots is joined to the reference.
bins as (

    select
        w.window_grain, w.window_start, w.series, {{ slot }} as slot,
        max(case when s.column_kind = 'numeric' and {{ slot }} >= 0 then 1 else 0 end) as is_number,
        max(w.clock_hour) as clock_hour,
        max(w.window_end) as window_end,
        max(case when w.is_subject = 0 then w.example end) as example,
        {%- for name in measures[:3] %}
        sum(case when w.is_subject = 1 then r.{{ name }} else -w.own_{{ name }} end) as reference_{{ names[name] }},
        {%- endfor %}
        sum(case when w.is_subject = 1 then r.z_squared_sum else w.own_z_squared_sum end) as reference_magnitude,
        sum(case when w.is_subject = 1 then 0 else w.own_row_count end) as own_count,
        {%- for name in measures %}
        {%- set current_name = 'current_' ~ names[name] if name in names else name %}
        sum(case when w.is_subject = 1 then 0 else w.{{ name }} end) as {{ current_name }}{{ ',' if not loop.last }}
        {%- endfor %}
    from window_counts as w
    inner join series as s on w.series = s.series
    left join reference_counts as r
        on case when w.is_subject = 1 and w.window_end is not null then w.series end = r.series and w.clock_hour = r.clock_hour
    where (w.is_subject = 0 or r.slot is not null) and (w.window_end is not null or w.window_grain = 'day')
    group by w.window_grain, w.window_start, w.series, {{ slot }}

),
{%- endmacro %}


{#- The sums of the profile that drift reads. -#}
{% macro drift_sums() %}{% do return(['row_count', 'z_sum', 'z_squared_sum', 'zero_count', 'default_count']) %}{% endmacro %}


{#- The join of rows of the profile (alias `p`) with their series (alias `s`). -#}
{% macro rows_of_series() -%}
inner join series as s
        on
            p.column_name = s.column_name
            and p.segment_name = s.segment_name
            and p.segment_value = s.segment_value
            and (s.version_scope = 'all' or p.model_version = s.model_version)
            {%- if ml_monitor.has_expected_changes() %}
            and p.window_start >= s.baseline_since
            and p.window_start < s.baseline_until
            {%- endif %}
{%- endmacro %}


{#-
  What is measured of each compared window alone, as the CTEs `counted` (of bins), `days_before` (of the chart), `windows_in_baseline` and,
  in an incremental run, `kept_variation`. Arguments: monitor (string), spec, hash (string: declaration_hash).
-#}
{% macro drift_measures(monitor, spec, hash) -%}
    {%- set keeps = ml_monitor.is_incremental() -%}
    {%- set changes = ml_monitor.has_expected_changes() -%}
counted as (

    select
        b.window_grain, b.window_start, b.series,
        max(b.clock_hour) as clock_hour,
        max(b.window_end) as window_end,
        sum(sum(b.current_count)) over (partition by b.window_grain, b.window_start) as window_rows,
        sum(b.current_count) as row_count,
        max(b.example) as example,
        {%- for side in ['reference', 'current'] %}
        sum(case when b.slot >= 0 then b.{{ side }}_count else 0 end) as {{ side }}_rows,
        {%- set numbers = 'b.is_number * b.' ~ side %}
        case when sum({{ numbers }}_count) > 0 then sum({{ numbers }}_z_sum) / sum({{ numbers }}_count) end as {{ side }}_z_mean,
        {{ ml_monitor.variance_from_sums(numbers ~ '_count', numbers ~ '_z_sum', numbers ~ '_z_squared_sum',
            'b.is_number * b.' ~ ('reference_magnitude' if side == 'reference' else 'current_z_squared_sum')) }} as {{ side }}_z_variance,
        {%- endfor %}
        sum(b.is_number * b.current_count) as value_count,
        {%- for name, count in {
            'null': 'sum(case when b.slot = -1 then b.current_count else 0 end)',
            'zero': 'sum(b.zero_count)',
            'default': 'sum(b.default_count)',
            'spike': 'max(case when b.is_number = 1 and b.slot > 0 and ' ~ ml_monitor.modulo('b.slot', 2)
                ~ ' = 1 then b.current_count - b.zero_count - b.default_count else 0 end)',
        }.items() %}
        {{ ml_monitor.float64(count) }} / nullif(sum(b.current_count), 0) as {{ name }}_share{{ ',' if not loop.last }}
        {%- endfor %}
    from bins as b
    group by b.window_grain, b.window_start, b.series

),

-- Windows with days of the baseline in them; those that are nothing else say how variable a column is. Hours are those of their day.
windows_in_baseline as (

    select
        g.window_grain,
        cast({{ ml_monitor.date_add('day', '-n.days', 'd.window_start') }} as timestamp) as window_start,
        d.model_version,
        {%- if changes %}
        d.baseline_since,
        {%- endif %}
        case when count(*) = max(g.days) then 1 else 0 end as is_whole
    from baseline_days as d
    cross join (values {% for grain, days in ml_monitor.window_days().items() %}('{{ grain }}', {{ days }}){{ ', ' if not loop.last }}
        {%- endfor %}) as g (window_grain, days)
    inner join ({{ ml_monitor.days_from(0, 27) }}) as n on n.days < g.days
    group by g.window_grain, {{ ml_monitor.date_add('day', '-n.days', 'd.window_start') }}, d.model_version
        {{- ', d.baseline_since' if changes }}

),

-- The 28 days before each day, totals only: of days with at least 30 values.
days_before as (

    select
        series,
        cast({{ ml_monitor.date_add('day', 'n.days', 'day') }} as timestamp) as window_start,
        {{ ml_monitor.quantile(0.25, 'z_mean') }} as quartile_1,
        {{ ml_monitor.quantile(0.5, 'z_mean') }} as center,
        {{ ml_monitor.quantile(0.75, 'z_mean') }} as quartile_3,
        count(*) as window_count
    from (
        select d.series, d.day, sum(d.z_sum) / sum(d.row_count) as z_mean
        from day_counts as d
        inner join series as s on d.series = s.series
        where s.segment_name = '__all__' and s.column_kind = 'numeric' and d.slot >= 0
        group by d.series, d.day
        having sum(d.row_count) >= 30
    ) as means
    cross join ({{ ml_monitor.days_from(1, 28) }}) as n
    group by series, cast({{ ml_monitor.date_add('day', 'n.days', 'day') }} as timestamp)

),

{% if keeps -%}
-- How variable the columns were in a baseline that has not changed since: its days need not be compared again.
kept_variation as (

    select
        s.series,
        {{ ml_monitor.clock_hour(spec, 'built') }} as clock_hour,
        max(case when built.window_grain in ('hour', 'day') then built.baseline_variation end) as day_variation,
        max(built.weekly_variation) as weekly_variation,
        max(built.baseline_windows) as baseline_windows
    from {{ this }} as built
    inner join series as s
        on
            built.column_name = s.column_name
            and built.segment_name = s.segment_name
            and built.segment_value = s.segment_value
            and built.model_version = s.model_version
            {%- if changes %}
            and built.window_start >= s.baseline_since
            and built.window_start < s.baseline_until
            {%- endif %}
    inner join baseline_states
        on
            built.baseline = baseline_states.baseline
            and built.model_version = baseline_states.model_version
            and built.baseline_state = baseline_states.baseline_state
            {%- if changes %}
            and s.baseline_since = baseline_states.baseline_since
            and s.baseline_until = baseline_states.baseline_until
            {%- endif %}
    where built.baseline = 'serving' and built.declaration_hash = '{{ hash }}'
    group by s.series, {{ ml_monitor.clock_hour(spec, 'built') }}

),

{%- endif %}
{%- endmacro %}


{#-
  Each compared window against its series, as the CTEs `varied` (what the rows of a series say together) and `compared`: the columns of
  drift, but the text of the top bin and changes of unit. Arguments: monitor (string), spec.
-#}
{% macro drift_comparison(monitor, spec) -%}
    {%- set shares = ml_monitor.watched_shares() -%}
    {%- set by_series = ' over (partition by c.clock_hour, c.series)' -%}
    {%- set keeps = ml_monitor.is_incremental() -%}
    {%- set has_hours = 'hour' in spec.drift_windows -%}
    {#- What has one bin in all of the baseline does not move. -#}
    {%- set moved = ' and b.is_whole = 1 then case when v.bin_count = 1 then 0 else v.psi_excess end end' -%}
    {%- set of_baseline = "case when c.window_grain in ('hour', 'day')" ~ moved -%}
    {%- set of_weeks = "case when c.window_grain = '7_days'" ~ moved -%}
    {%- set is_baseline_day = "c.window_grain = 'day' and b.window_start is not null" -%}
    {%- set is_by_week = "c.window_grain in ('7_days', '28_days') and z.baseline_day_rows < " ~ ml_monitor.rows_that_show_variation() -%}
    {%- set mean_shift_sd = 'case when v.z_scale > 0 then (v.current_z_mean - v.z_center) / v.z_scale end' -%}
    {%- set far = ml_monitor.moved_far() -%}
    {%- set changes = ml_monitor.has_expected_changes() -%}
-- The median day of the baseline, of those with rows: baseline_states speaks of no others.
baseline_sizes as (

    {%- set baseline_key = 'model_version' ~ (', baseline_since' if changes) %}
    select {{ baseline_key }}, {{ ml_monitor.quantile(0.5, 'day_rows') }} as baseline_day_rows
    from baseline_days
    where day_rows > 0
    group by {{ baseline_key }}

),

varied as (

    select
        c.*,
        s.model_version, s.segment_name, s.segment_value, s.column_name, s.column_role, s.column_kind, s.version_scope,
        {{- ' s.baseline_since, s.baseline_until,' if changes }}
        v.psi, v.psi_excess, v.psi_noise, v.psi_p_value, v.psi_q_value, v.{{ ml_monitor.other_distances() | join(', v.') }},
        v.top_bin as top_bin_number, v.top_bin_reference_share, v.top_bin_current_share,
        v.counter_bin as counter_bin_number, v.counter_bin_reference_share, v.counter_bin_current_share,
        v.rest_current_share as rest_share,
        v.rest_current_share - v.rest_reference_share as rest_share_change,
        v.rest_bin,
        coalesce(v.is_rest_detected, 0) = 1 as is_rest_detected,
        coalesce(v.bin_count, 0) as bin_count,
        case when c.clock_hour <> -2 then z.baseline_day_rows end as baseline_day_rows,
        {{ ml_monitor.days_of_window('c') }} as window_days,
        case when {{ is_by_week }} then 7 else 1 end as unit_days,
        b.window_start is not null as is_in_baseline,
        coalesce({{ 'kept.day_variation, ' if keeps }}{{ ml_monitor.baseline_variation(of_baseline, by_series) }}) as day_variation,
        coalesce({{ 'kept.weekly_variation, ' if keeps }}{{ ml_monitor.baseline_variation(of_weeks, by_series) }}) as weekly_variation,
        case when c.clock_hour <> -2 then coalesce(
            {{ 'kept.baseline_windows, ' if keeps }}count({{ of_baseline }}){{ by_series }}
        ) end as baseline_windows,
        t.center as z_center,
        t.window_count as chart_windows,
        case when t.center is not null then {{ ml_monitor.greatest_of([
            '(t.quartile_3 - t.quartile_1) / 1.349',
            'coalesce(stddev_samp(case when ' ~ is_baseline_day ~ ' then c.current_z_mean end)' ~ by_series ~ ', 0)',
            'sqrt(c.current_z_variance / c.value_count)',
        ], indent=12) }} end as z_scale,
        {%- for name in shares %}
        {%- set share = 'case when ' ~ is_baseline_day ~ ' then c.' ~ name ~ '_share end' %}
        {%- set angle = 'case when ' ~ is_baseline_day ~ ' then ' ~ ml_monitor.share_angle('c.' ~ name ~ '_share') ~ ' end' %}
        case when c.window_grain = 'day' then avg({{ share }}){{ by_series }} end as {{ name }}_baseline,
        avg({{ angle }}){{ by_series }} as {{ name }}_angle,
        coalesce(stddev_samp({{ angle }}){{ by_series }}, 0) as {{ name }}_angle_sd{{ ',' if not loop.last }}
        {%- endfor %}
    from counted as c
    inner join series as s on c.series = s.series
    left join judged_values as v on c.window_grain = v.window_grain and c.window_start = v.window_start and c.series = v.series
    left join windows_in_baseline as b
        on
            b.window_grain = {{ "case when c.window_grain = 'hour' then 'day' else c.window_grain end" if has_hours else 'c.window_grain' }}
            and b.window_start = {{ ml_monitor.truncate('day', 'c.window_start') if has_hours else 'c.window_start' }}
            and b.model_version = s.model_version
            {{- ' and b.baseline_since = s.baseline_since' if changes }}
    left join baseline_sizes as z on s.model_version = z.model_version
        {{- ' and s.baseline_since = z.baseline_since' if changes }}
    left join days_before as t
        on c.window_grain = 'day' and c.value_count > 0 and c.series = t.series and c.window_start = t.window_start
    {%- if keeps %}
    left join kept_variation as kept on c.clock_hour = kept.clock_hour and c.series = kept.series
    {%- endif %}

),

compared as (

    select
        v.*,
        case when v.clock_hour = -2 then 'training' else 'serving' end as baseline,
        baseline_states.baseline_state,
        {{ ml_monitor.min_detectable('v', 'v.window_days', 'v.unit_days') }} as min_detectable,
        coalesce(v.psi_excess > {{ ml_monitor.min_detectable('v', 'v.window_days', 'v.unit_days') }}, false) as is_drift_detected,
        {{ ml_monitor.psi_reason('v') }} as psi_reason,
        grid.center + grid.scale * v.reference_z_mean as reference_mean,
        grid.center + grid.scale * v.current_z_mean as current_mean,
        grid.scale * sqrt(v.reference_z_variance) as reference_sd,
        case when v.reference_z_variance > 0 then (v.current_z_mean - v.reference_z_mean) / sqrt(v.reference_z_variance) end as mean_shift,
        grid.center + grid.scale * v.z_center as chart_center,
        grid.scale * v.z_scale as chart_scale,
        {{ mean_shift_sd }} as mean_shift_sd,
        case
            when v.current_rows = 0 then 'insufficient_sample'
            when v.psi is not null and not {{ ml_monitor.is_too_variable('v.baseline_variation') }} then 'covered_by_psi'
            when {{ mean_shift_sd }} is null or v.chart_windows < 7 then 'no_baseline'
        end as chart_reason,
        {%- for name in shares %}
        {%- set change = 'v.' ~ name ~ '_share - v.' ~ name ~ '_baseline' %}
        {{ change }} as {{ name }}_share_change,
        {{ ml_monitor.share_noise(
            change, 'v.' ~ name ~ '_baseline', 'v.' ~ name ~ '_angle', 'v.' ~ name ~ '_angle_sd', 'v.row_count'
        ) }} as {{ name }}_share_noise,
        {%- endfor %}
        -- Totals of days that moved far enough for another unit to be the reason.
        case
            when v.window_grain <> 'day' or v.segment_name <> '__all__' or v.model_version <> '__all__' then 0
            when v.psi_excess > {{ far.psi_excess }} and not {{ ml_monitor.is_too_variable('v.baseline_variation') }} then 1
            when abs(v.current_z_mean - v.z_center) > {{ far.mean_shift_sd }} * v.z_scale then 1
            else 0
        end as is_suspect,
        case when {{ ml_monitor.is_too_variable('v.baseline_variation') }} then 1 else 0 end as is_too_variable
    from (select varied.*, case when unit_days = 7 then weekly_variation else day_variation end as baseline_variation from varied) as v
    left join baseline_states
        on
            baseline_states.baseline = case when v.clock_hour = -2 then 'training' else 'serving' end
            and baseline_states.model_version in (v.model_version, '__any__')
            {%- if changes %}
            and (v.clock_hour = -2 or (
                baseline_states.baseline_since = v.baseline_since and baseline_states.baseline_until = v.baseline_until
            ))
            {%- endif %}
    left join {{ ml_monitor.numeric_grid(monitor) }} as grid on v.column_name = grid.column_name
    -- A window that has rows has versions to name.
    where v.window_end is not null and (v.version_scope = 'all' or v.model_version <> '__all__' or v.window_rows = 0)

),
{%- endmacro %}


{#- The numbers of days from one to another, as a select of `days`. Arguments: first, last (ints). -#}
{% macro days_from(first, last) -%}
select cast(generated_number as int) + {{ first - 1 }} as days from ({{ ml_monitor.numbers_to(last - first + 1) }}) as numbers
{%- endmacro %}


{#-
  The quantiles of the totals of each day and the medians of those of the 28 days before, which a few bad days do not move, in the unit of
  the column, as the CTE `unit_quantiles` (column_name, window_start, current_<p> and reference_<p> for p10, p25, p50, p75, p90); only
  days with at least seven before. Arguments: monitor (string).
-#}
{% macro drift_units(monitor) -%}
    {%- set quantiles = {'p10': 0.1, 'p25': 0.25, 'p50': 0.5, 'p75': 0.75, 'p90': 0.9} -%}
    {%- set day = ml_monitor.truncate('day', 'p.window_start') -%}
    {%- set later = 'cast(' ~ ml_monitor.date_add('day', 'n.days', 'q.window_start') ~ ' as timestamp)' -%}
day_cells as (

    select {{ day }} as window_start, p.column_name, p.slot, p.cell, sum(p.row_count) as row_count, sum(p.z_sum) as z_sum
    from {{ ml_monitor.aliased(ref(monitor ~ '__hourly_profile'), 'p') }}
    inner join declared_columns as c on p.column_name = c.column_name and c.column_kind = 'numeric' and c.version_scope = 'all'
    {%- if ml_monitor.is_incremental() %}
    inner join read_days as r on {{ day }} = r.day and r.is_charted = 1
    {%- endif %}
    where p.segment_name = '__all__' and p.slot >= 0
    group by {{ day }}, p.column_name, p.slot, p.cell

),

{{ ml_monitor.quantiles_from_cells('day_cells', ['window_start', 'column_name'], quantiles, 'day_quantiles') }}

unit_quantiles as (

    select
        q.column_name,
        {{ later }} as window_start
        {%- for name in quantiles %},
        max(case when n.days = 0 then grid.center + grid.scale * q.{{ name }} end) as current_{{ name }},
        {{ ml_monitor.quantile(0.5, 'case when n.days > 0 then grid.center + grid.scale * q.' ~ name ~ ' end') }} as reference_{{ name }}
        {%- endfor %}
    from day_quantiles as q
    inner join {{ ml_monitor.numeric_grid(monitor) }} as grid on q.column_name = grid.column_name
    cross join ({{ ml_monitor.days_from(0, 28) }}) as n
    group by q.column_name, {{ later }}
    having count(case when n.days > 0 then 1 end) >= 7 and count(case when n.days = 0 then 1 end) = 1

),
{%- endmacro %}


{#-
  How far a day must have moved for a change of unit to be looked for. Policies begin to fail there too, but a policy judges what is stored:
  if drift read them, a changed policy would have the past computed again, for a column that is only an explanation.
-#}
{% macro moved_far() %}{% do return({'psi_excess': 0.2, 'mean_shift_sd': 5}) %}{% endmacro %}


{#-
  Rows of a day below which its distribution does not show how variable a column is: ten for each tenth of the values. The 7 days of the
  baseline show it then.
-#}
{% macro rows_that_show_variation() %}{% do return(100) %}{% endmacro %}


{#-
  What a window is compared with among the counts of its series: -2 the training set (months, the baseline), -1 the baseline, and for
  hours the hours of the baseline at the same hour of the clock, 0 to 23, with weekends_apart 24 more on weekends.
  Arguments: spec, alias (of a relation with window_grain and window_start). Returns: SQL, an int.
-#}
{% macro clock_hour(spec, alias) %}
    {%- set ns = namespace(hour='') -%}
    {%- if 'hour' in spec.drift_windows -%}
        {%- set local = ml_monitor.local_time(alias ~ '.window_start', spec.time_zone) -%}
        {%- set weekend = ' + case when ' ~ ml_monitor.is_weekend(local) ~ ' then 24 else 0 end' if spec.weekends_apart else '' -%}
        {%- set ns.hour = " when 'hour' then cast(extract(hour from " ~ local ~ ') as int)' ~ weekend -%}
    {%- endif -%}
    {%- do return('case ' ~ alias ~ ".window_grain when 'month' then -2 when 'baseline' then -2" ~ ns.hour ~ ' else -1 end') -%}
{% endmacro %}


{#- The columns of <m>__drift. -#}
{% macro drift_columns() %}
    {%- do return(ml_monitor.listed_columns([
        ['drift_id', 'string', 'md5 of monitor, baseline, window_grain, window_start, model_version, segment and column_name.'],
        'monitor',
        ['window_grain', 'day, 7_days, 28_days, and hour where drift_windows declares it, for baseline serving; for training month, and '
            'baseline: the days of the serving baseline together.'],
        'window_start', 'window_end',
        ['baseline', 'What the window is compared with: serving or training.'],
        ['model_version', 'Model version of scores and predictions; `__all__` for other columns, which are judged over all versions.'],
        'segment_name', 'segment_value', 'column_name', 'column_role', 'column_kind',
        ['is_in_baseline', 'boolean', 'True if days of the baseline are in the window; it is then compared with the rest of the baseline.'],
        'row_count',
        ['reference_rows', 'bigint', 'Values of the baseline that PSI counts (categories or finite numbers).'],
        ['current_rows', 'Values of the window that PSI counts (categories or finite numbers).'],
        ['bin_count', 'int', 'Bins after pooling; 0 if either side has no values in them.'],
        ['psi', 'double', 'Population stability index, 0 or more; NULL with fewer than two bins.'],
        ['psi_excess', 'double', 'PSI less its expectation under no drift; may be below 0.'],
        ['psi_noise', 'double', '0.9995 quantile of psi_excess under no drift, by sampling alone.'],
        ['baseline_day_rows', 'double', 'Rows of the median day of the baseline; NULL for training.'],
        ['baseline_variation', 'double', 'Mean psi_excess of the days of the baseline (hours: of its hours) against the rest of it, 0 or '
            'more; 0 for training. Of longer windows weekly_variation, where baseline_day_rows is below 100.'],
        ['weekly_variation', 'double', 'The same of the 7 days of the baseline that end with each of its days; 0 for training.'],
        ['psi_p_value', 'double', 'Chance of a psi at least so large under no drift, by sampling alone; baseline_variation is not in it.'],
        ['psi_q_value', 'double', 'psi_p_value among the rows of the window, by Benjamini and Hochberg: the share of false discoveries if '
            'all rows up to this one are called drift.'],
        ['js_distance', 'double', 'Jensen-Shannon distance of the kept bins, base 2: 0 to 1.'],
        ['hellinger', 'double', 'Hellinger distance of the kept bins: 0 to 1.'],
        ['tv', 'double', 'Total variation: half the sum of the absolute differences of the shares of the kept bins.'],
        ['linf', 'double', 'Largest absolute difference of the shares of one kept bin.'],
        ['chi2', 'double', "Pearson's chi-square of both sides over the kept bins, with bin_count - 1 degrees of freedom."],
        ['cramers_v', 'double', 'sqrt(chi2 / (reference and current rows)): 0 to 1.'],
        ['baseline_windows', 'Days (hours) of the baseline that baseline_variation was measured on; NULL for training.'],
        ['min_detectable', 'double', 'Smallest psi_excess that could be told from noise: psi_noise + 16 * baseline_variation, and as much '
            'again of what chance does not explain of it (docs/metrics.md of ml_monitor).'],
        ['is_drift_detected', 'boolean', 'True if psi_excess is above min_detectable: evidence, not yet a verdict.'],
        ['psi_reason', 'string', 'Why PSI cannot be judged: insufficient_sample, no_baseline, too_few_bins or too_variable; else NULL.'],
        ['top_bin', 'string', 'What the bin holds that contributes most to PSI: a category, a value or a range.'],
        ['top_bin_reference_share', 'double', 'Share of that bin in the baseline (0 to 1).'],
        ['top_bin_current_share', 'double', 'Share of that bin in the window (0 to 1).'],
        ['counter_bin', 'string', 'What the bin holds that contributes most of those that moved the other way; NULL if none did.'],
        ['counter_bin_reference_share', 'double', 'Share of that bin in the baseline (0 to 1).'],
        ['counter_bin_current_share', 'double', 'Share of that bin in the window (0 to 1).'],
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
        ['rest_share', 'double', 'Share of current_rows in bins that the baseline has no or hardly any rows in (0 to 1): new categories, '
            'numbers outside its range, rare values; NULL if 5 rows or more are expected in them, which PSI counts as a bin.'],
        ['rest_share_change', 'double', 'rest_share less the share of the baseline in the same bins (-1 to 1).'],
        ['is_rest_detected', 'boolean', 'True if chance does not explain rest_share: by a bound of the exact binomial test, 3 in 10 '
            'million.'],
        ['rest_value', 'string', 'The value, or range of values, that is most of the rest.'],
        ['farthest_columns', 'string', 'Of window_grain baseline, in the row of the column farthest from the training set: the up to three '
            'columns farthest from it; else NULL.'],
        ['unit_change', 'string', 'Change of unit that explains how the quantiles of the day moved; NULL if none does, or nothing moved.'],
        ['baseline_state', 'What the baseline was made of; when it changes, the windows are rewritten.'],
        'rebuild_key', 'declaration_hash', 'ml_batch',
    ])) -%}
{% endmacro %}

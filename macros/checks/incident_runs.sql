{#-
  Runs of findings of each series of checks, as CTEs ending in `incident_runs`: what ml_incident_findings_columns says of a run, before it
  is known what explains it, and series_id, state (2 failed, 1 warned), first_window_end, last_window_start.

  Arguments: checks (relation ml_checks).
-#}
{% macro incident_runs(checks) -%}
{%- set key = [
    'monitor', 'category', 'metric', 'subject', 'window_grain', 'baseline', 'model_version', 'segment_name', 'segment_value',
] -%}
{%- set series = 'partition by series_id order by window_start' -%}
{%- set so_far = series ~ ' rows between unbounded preceding and current row' -%}
{%- set last = series ~ ' rows between {} preceding and current row' -%}
{%- set keep, cool_down = ml_monitor.setting('incident_keep_firing_hours'), ml_monitor.setting('incident_cool_down_hours') -%}
{%- set failures, warnings = ml_monitor.setting('incident_failures'), ml_monitor.setting('incident_warnings') -%}
{%- set opens = '(failures >= ' ~ failures ~ ' or findings >= ' ~ warnings ~ ') and raised_hours >= '
    ~ ml_monitor.setting('incident_for_hours') -%}
-- Series with a finding; a check that is not evaluated has no state.
judged as (

    select *, {{ ml_monitor.surrogate_key(key) }} as series_id
    from (
        select
            {{ key | join(', ') }},
            window_start, window_end, available_at, value, threshold, message, rows_query, owner,
            case status when 'fail' then 2 when 'warn' then 1 when 'pass' then 0 end as state,
            max(case when status in ('warn', 'fail') then 1 else 0 end) over (partition by {{ key | join(', ') }}) as has_findings
        from {{ checks }}
    ) as checks
    where has_findings = 1

),

-- Windows of several days overlap: each adds the hours after the window before.
counted as (

    select
        *,
        {{ ml_monitor.minutes_between(
            ml_monitor.greatest_of(['window_start', 'coalesce(lag(window_end) over (' ~ series ~ '), window_start)']), 'window_end'
        ) }} / 60 as new_hours,
        sum(case state when 2 then 1 else 0 end) over ({{ last.format(ml_monitor.setting('incident_failures_of') - 1) }}) as failures,
        sum(case when state >= 1 then 1 else 0 end) over ({{ last.format(ml_monitor.setting('incident_warnings_of') - 1) }}) as findings
    from judged

),

clocks as (

    select *, sum(case state when 0 then new_hours else 0 end) over ({{ so_far }}) as clear_hours
    from counted

),

raised as (

    select *, clear_hours - lag(clear_hours) over ({{ series }}) as clear_before
    from clocks
    where state >= 1

),

numbered as (

    select *, sum(case when clear_before > {{ keep + cool_down }} then 1 else 0 end) over ({{ so_far }}) as run
    from raised

),

timed as (

    select
        *,
        {{ ml_monitor.minutes_between('min(window_start) over (partition by series_id, run)', 'window_end') }} / 60 as raised_hours,
        case
            when value = 0 and threshold > 0 then 99
            when value * threshold > 0 then {{ ml_monitor.greatest_of(['value / threshold', 'threshold / value']) }}
        end as ratio,
        row_number() over (partition by series_id, run order by window_start desc) as from_end
    from numbered

),

placed as (

    select *, row_number() over (partition by series_id, run order by state desc, coalesce(ratio, 0) desc, window_start) as from_peak
    from timed

),

found as (

    select
        {{ key | join(', ') }},
        series_id,
        run,
        max(state) as state,
        min(window_start) as first_window_start,
        min(window_end) as first_window_end,
        max(window_start) as last_window_start,
        max(window_end) as last_seen_at,
        min(case when {{ opens }} then available_at end) as opened_at,
        count(*) as windows,
        sum(case state when 2 then 1 else 0 end) as failed_windows,
        sum(case when clear_before > {{ keep }} and clear_before <= {{ keep + cool_down }} then 1 else 0 end) as flaps,
        max(clear_hours) as clear_hours,
        {%- for name in ['value', 'threshold', 'ratio'] %}
        max(case from_peak when 1 then {{ name }} end) as {{ {'value': 'peak_value', 'ratio': 'peak_ratio'}.get(name, name) }},
        {%- endfor %}
        {%- for name in ['message', 'rows_query', 'owner'] %}
        max(case from_end when 1 then {{ name }} end) as {{ name }}{{ ',' if not loop.last }}
        {%- endfor %}
    from placed
    group by {{ key | join(', ') }}, series_id, run

),

closed as (

    select found.series_id, found.run, min(clocks.available_at) as resolved_at
    from found
    inner join clocks
        on
            found.series_id = clocks.series_id
            and clocks.state = 0
            and found.last_window_start < clocks.window_start
            and found.clear_hours + {{ keep }} <= clocks.clear_hours
    group by found.series_id, found.run

),

incident_runs as (

    select
        found.*,
        closed.resolved_at,
        {{ ml_monitor.md5_text("found.series_id || ' ' || cast(found.first_window_start as " ~ ml_monitor.text_type() ~ ')') }}
            as incident_finding_id
    from found
    left join closed on found.series_id = closed.series_id and found.run = closed.run
    where found.opened_at is not null

),
{%- endmacro %}

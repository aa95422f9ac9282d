{#-
  Runs of findings of each series of checks, as CTEs ending in `incident_runs`: what ml_incident_findings_columns says of a run, before it
  is known what explains it. Also state (2 failed, 1 warned), opened_state (the state when it opened), failed_at, and, of its first
  failing window or else its first one, known_at (when it was known), begins_at and ends_at.

  Each column depends on its own and earlier windows of the series only, so a run that opened stays the same as later windows come.

  Arguments: checks, policies (relations ml_checks and ml_policies).
-#}
{% macro incident_runs(checks, policies) -%}
{%- set key = [
    'monitor', 'category', 'metric', 'subject', 'window_grain', 'baseline', 'model_version', 'segment_name', 'segment_value',
] -%}
{%- set series = 'partition by series_id order by window_start' -%}
{%- set so_far = series ~ ' rows between unbounded preceding and current row' -%}
{%- set run = 'partition by series_id, run' -%}
{%- set last = series ~ ' rows between {} preceding and current row' -%}
{%- set keep, cool_down = ml_monitor.setting('incident_keep_firing_hours'), ml_monitor.setting('incident_cool_down_hours') -%}
{%- set failures, warnings = ml_monitor.setting('incident_failures'), ml_monitor.setting('incident_warnings') -%}
{%- set opens = 'is_raised = 1 and (failures >= ' ~ failures ~ ' or findings >= ' ~ warnings ~ ')'
    ~ ' and raised_hours >= ' ~ ml_monitor.setting('incident_for_hours') -%}
{%- set was_closed = 'clear_since > 0 and clear_since >= ' ~ keep -%}
{{ ml_monitor.incident_series(checks, policies, key) }}

-- Windows of several days overlap: each adds the hours after the window before.
counted as (

    select
        *,
        case when state >= 1 then 1 else 0 end as is_raised,
        {{ ml_monitor.minutes_between(
            ml_monitor.greatest_of(['window_start', 'coalesce(lag(window_end) over (' ~ series ~ '), window_start)']), 'window_end'
        ) }} / 60 as new_hours,
        {{ ml_monitor.minutes_between('lag(available_at) over (' ~ series ~ ')', 'available_at') }} / 60 as hours_before,
        {{ ml_monitor.minutes_between('available_at', 'coalesce(lead(available_at) over (' ~ series ~ '), newest_at)') }} / 60
            as hours_after,
        sum(case state when 2 then 1 else 0 end) over ({{ last.format(ml_monitor.setting('incident_failures_of') - 1) }}) as failures,
        sum(case when state >= 1 then 1 else 0 end) over ({{ last.format(ml_monitor.setting('incident_warnings_of') - 1) }}) as findings
    from judged

),

-- What was not evaluated for too long counts like windows that passed.
clocks as (

    select
        *,
        sum(
            case state when 0 then new_hours else 0 end + case when hours_before > stale_hours then {{ keep + cool_down + 1 }} else 0 end
        ) over ({{ so_far }}) as clear_hours
    from counted

),

-- How long it had been clear since the finding before.
clear as (

    select
        *,
        clear_hours - max(case is_raised when 1 then clear_hours end)
            over ({{ series }} rows between unbounded preceding and 1 preceding) as clear_since
    from clocks

),

-- A stretch has no time in it for which an incident would be resolved, a run none for which it would be another one.
numbered as (

    select
        *,
        sum(case when is_raised = 1 and coalesce(clear_since, {{ keep + cool_down + 1 }}) > {{ keep + cool_down }} then 1 else 0 end)
            over ({{ so_far }}) as run,
        sum(case when is_raised = 1 and (clear_since is null or {{ was_closed }}) then 1 else 0 end) over ({{ so_far }}) as stretch
    from clear

),

timed as (

    select
        *,
        {{ ml_monitor.minutes_between(
            'min(case is_raised when 1 then window_start end) over (partition by series_id, stretch)', 'window_end'
        ) }} / 60 as raised_hours,
        max(case is_raised when 1 then window_start end) over ({{ run }}) as last_window_start,
        case
            when value = 0 and threshold > 0 then 99
            when value * threshold > 0 then {{ ml_monitor.greatest_of(['value / threshold', 'threshold / value']) }}
        end as ratio,
        row_number() over ({{ run }} order by is_raised desc, window_start desc) as from_end
    from numbered
    where run >= 1

),

placed as (

    select
        *,
        min(case when {{ opens }} then available_at end) over ({{ run }}) as opened,
        row_number() over ({{ run }} order by is_raised desc, coalesce(state, 0) desc, coalesce(ratio, 0) desc, window_start) as from_peak
    from timed

),

found as (

    select
        {{ key | join(', ') }},
        series_id,
        run,
        max(state) as state,
        max(case when available_at <= opened then state end) as opened_state,
        min(window_start) as first_window_start,
        min(window_end) as first_window_end,
        max(case is_raised when 1 then window_end end) as last_seen_at,
        min(opened) as opened_at,
        min(case when state = 2 then {{ ml_monitor.greatest_of(['available_at', 'opened']) }} end) as failed_at,
        min(case when state = 2 then window_start end) as failed_window_start,
        min(case when state = 2 then window_end end) as failed_window_end,
        min(case when state = 0 and window_start > last_window_start and {{ was_closed }} then available_at end) as cleared_at,
        min(case
            when window_start >= last_window_start and hours_after > stale_hours
                then {{ ml_monitor.add_hours('available_at', 'cast(floor(stale_hours) as int)') }}
        end) as stale_at,
        sum(is_raised) as windows,
        sum(case state when 2 then 1 else 0 end) as failed_windows,
        sum(case when is_raised = 1 and {{ was_closed }} and available_at > opened then 1 else 0 end) as flaps,
        {%- for name in ['value', 'threshold', 'ratio'] %}
        max(case from_peak when 1 then {{ name }} end) as {{ {'value': 'peak_value', 'ratio': 'peak_ratio'}.get(name, name) }},
        {%- endfor %}
        {%- for name in ['message', 'rows_query', 'owner'] %}
        max(case from_end when 1 then {{ name }} end) as {{ name }}{{ ',' if not loop.last }}
        {%- endfor %}
    from placed
    group by {{ key | join(', ') }}, series_id, run

),

incident_runs as (

    select
        *,
        {{ ml_monitor.least_of(['cleared_at', 'stale_at']) }} as resolved_at,
        coalesce(failed_at, opened_at) as known_at,
        coalesce(failed_window_start, first_window_start) as begins_at,
        coalesce(failed_window_end, first_window_end) as ends_at,
        {{ ml_monitor.md5_text("series_id || ' ' || cast(first_window_start as " ~ ml_monitor.text_type() ~ ')') }} as incident_finding_id
    from found
    where opened_at is not null

),
{%- endmacro %}

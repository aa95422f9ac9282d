{#-
  Runs of findings of each series of checks, as CTEs ending in `incident_runs`: what ml_incident_findings_columns says of a run, before it
  is known what explains it, and state (2 failed, 1 warned) and first_window_end.

  Arguments: checks (relation ml_checks).
-#}
{% macro incident_runs(checks) -%}
{%- set key = [
    'monitor', 'category', 'metric', 'subject', 'window_grain', 'baseline', 'model_version', 'segment_name', 'segment_value',
] -%}
{%- set series = 'partition by series_id order by window_start' -%}
{%- set so_far = series ~ ' rows between unbounded preceding and current row' -%}
{%- set run = 'partition by series_id, run' -%}
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

-- How long it had been clear since the finding before.
clear as (

    select
        *,
        case when state >= 1 then 1 else 0 end as is_raised,
        clear_hours - max(case when state >= 1 then clear_hours end)
            over ({{ series }} rows between unbounded preceding and 1 preceding) as clear_since
    from clocks

),

numbered as (

    select
        *,
        sum(case when is_raised = 1 and coalesce(clear_since, {{ keep + cool_down + 1 }}) > {{ keep + cool_down }} then 1 else 0 end)
            over ({{ so_far }}) as run
    from clear

),

timed as (

    select
        *,
        {{ ml_monitor.minutes_between('min(case is_raised when 1 then window_start end) over (' ~ run ~ ')', 'window_end') }} / 60
            as raised_hours,
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

    select *, row_number() over ({{ run }} order by is_raised desc, state desc, coalesce(ratio, 0) desc, window_start) as from_peak
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
        max(case is_raised when 1 then window_end end) as last_seen_at,
        min(case when is_raised = 1 and {{ opens }} then available_at end) as opened_at,
        min(case when state = 0 and window_start > last_window_start and clear_since >= {{ keep }} then available_at end) as resolved_at,
        sum(is_raised) as windows,
        sum(case state when 2 then 1 else 0 end) as failed_windows,
        sum(case when is_raised = 1 and clear_since > {{ keep }} and clear_since <= {{ keep + cool_down }} then 1 else 0 end) as flaps,
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
        {{ ml_monitor.md5_text("series_id || ' ' || cast(first_window_start as " ~ ml_monitor.text_type() ~ ')') }} as incident_finding_id
    from found
    where opened_at is not null

),
{%- endmacro %}

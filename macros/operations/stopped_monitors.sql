{#-
  The times in which a monitor did not run for longer than ml_stopped_after_hours, as the CTE `stops`: monitor, owner, run_at (of the
  last run before), next_at (of the first run after, NULL while there is none), until_at (that, or now), idle_hours, opened_at, weight
  of the severity, message, incident_finding_id.

  Arguments: runs (relation ml_runs), owners (list of SQL: `when` branches, monitor to owner), tier (SQL: what the risk tier adds).
-#}
{% macro stopped_monitors(runs, owners, tier) -%}
{%- set text = ml_monitor.text_type() -%}
{%- set limit = ml_monitor.setting('stopped_after_hours') -%}
-- What no check can say: nothing judges a monitor that does not run.
run_times as (

    select
        monitor,
        recorded_at as run_at,
        lead(recorded_at) over (partition by monitor order by recorded_at) as next_at,
        case monitor {{ owners | join(' ') }} end as owner
    from {{ runs }}

),

idle_times as (

    select *, coalesce(next_at, {{ ml_monitor.zoned_to_utc('current_timestamp') }}) as until_at
    from run_times
    -- A monitor that is no longer declared does not run on purpose.
    where owner is not null

),

timed_stops as (

    select *, {{ ml_monitor.minutes_between('run_at', 'until_at') }} / 60 as idle_hours
    from idle_times

),

stops as (

    select
        *,
        {{ ml_monitor.add_hours('run_at', limit | round(0, 'ceil') | int | string) }} as opened_at,
        2 + {{ tier }} + case when idle_hours >= {{ 3 * limit }} then 1 else 0 end as weight,
        monitor || ' monitoring: no run for ' || cast(cast(floor(idle_hours) as bigint) as {{ text }})
        || ' hours, limit {{ limit }} (the last began ' || substring(cast(run_at as {{ text }}), 1, 16) || ') owner ' || owner as message,
        {{ ml_monitor.md5_text("monitor || ' stopped ' || cast(run_at as " ~ text ~ ')') }} as incident_finding_id
    from timed_stops
    where idle_hours > {{ limit }}

),
{%- endmacro %}

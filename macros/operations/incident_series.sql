{#-
  The checks of every series with a finding, as CTEs ending in `judged`: one row per window, with series_id, state (2 fails, 1 warns,
  0 passes, NULL passes but is not within the close limit), newest_at (of the monitor) and stale_hours.

  Arguments: checks, policies (relations ml_checks and ml_policies), key (list of strings: the columns that make a series).
-#}
{% macro incident_series(checks, policies, key) -%}
{%- set named = [] -%}
{%- for name in key -%}{%- do named.append('c.' ~ name) -%}{%- endfor -%}
-- What passes beyond these limits holds what was before.
limits as (

    select
        monitor,
        policy_id,
        {{ ml_monitor.close_limit('coalesce(warn_above, fail_above)', 'metric', 'above') | indent(8) }} as close_above,
        {{ ml_monitor.close_limit('coalesce(warn_below, fail_below)', 'metric', 'below') | indent(8) }} as close_below
    from {{ policies }}

),

-- Series with a finding, from its window on, and the newest check of their monitor.
found_series as (

    select *
    from (
        select
            {{ key | join(', ') }},
            min(case when status in ('warn', 'fail') then window_start end) as first_found,
            max(max(case when status <> 'not_evaluated' then available_at end)) over (partition by monitor) as newest_at
        from {{ checks }}
        group by {{ key | join(', ') }}
    ) as all_series
    where first_found is not null

),

-- Windows that could not be evaluated change nothing; what another check judges instead is clear.
judged as (

    select
        c.*,
        found_series.newest_at,
        {{ ml_monitor.surrogate_key(named) }} as series_id,
        case
            when c.status = 'fail' then 2
            when c.status = 'warn' then 1
            when c.status = 'not_evaluated' then 0
            when coalesce(c.value_low, c.value) > close_above or coalesce(c.value_high, c.value) < close_below then null
            else 0
        end as state,
        {{ ml_monitor.minutes_between('c.window_start', 'c.window_end') }} / 60
        + {{ ml_monitor.setting('incident_stale_hours') }} as stale_hours
    from {{ ml_monitor.aliased(checks, 'c') }}
    inner join found_series
        on
            c.window_start >= found_series.first_found
            {%- for name in key %}
            and c.{{ name }} = found_series.{{ name }}
            {%- endfor %}
    left join limits on c.monitor = limits.monitor and c.policy_id = limits.policy_id
    where
        c.status <> 'not_evaluated'
        or c.reason in ('found_in_shorter_window', 'covered_by_psi', 'covered_by_labels', 'nearly_all_labelled')

),
{%- endmacro %}

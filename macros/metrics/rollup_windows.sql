{#-
  The windows of a rollup, as the CTEs `rollup_hours` (hour, ml_batch, row_count), `spine` (every hour, with ml_batch and row_count, and
  the newest hour logged and the newest with rows so far), `windows` (window_grain, window_start, window_end, ml_batch: the newest of
  its hours) and `newest` (ml_batch). Trailing windows (7_days, 28_days) end with each day, and none begins before the first day.
  Arguments: as window_ctes has them; prefix (string: of the names of these CTEs).
-#}
{% macro rollup_windows(rollup, row_count, grains, where='1 = 1', fold_before=none, prefix='') -%}
{%- set this_hour = ml_monitor.truncate('hour', ml_monitor.as_of()) -%}
{%- set window_days = ml_monitor.window_days() -%}
{%- set trailing = grains | select('in', window_days) | reject('equalto', 'day') | list -%}
{%- set grains = grains | reject('in', trailing) | list -%}
{{ prefix }}rollup_hours as (

    select window_start as hour, max(ml_batch) as ml_batch, sum({{ row_count }}) as row_count
    from {{ rollup }}
    where window_grain = 'hour' and {{ where }}
    group by window_start

),

{{ prefix }}spine as (

    select
        hours.hour,
        logged.ml_batch,
        coalesce(logged.row_count, 0) as row_count,
        max(logged.hour) over (order by hours.hour) as newest_logged_hour,
        max(case when logged.row_count > 0 then hours.hour end) over (order by hours.hour) as newest_row_hour
    from (
        select {{ ml_monitor.add_hours(this_hour, '-1 * cast(generated_number as int)') }} as hour
        from (
            {{ ml_monitor.numbers_to(131072) | trim | indent(12) }}
        ) as hours_back
    ) as hours
    left join {{ prefix }}rollup_hours as logged on hours.hour = logged.hour
    where hours.hour >= (select {{ ml_monitor.truncate('day', 'min(hour)') }} from {{ prefix }}rollup_hours)

),

{{ prefix }}{{ 'plain_' if trailing }}windows as (

    select window_grain, window_start, window_end, max(ml_batch) as ml_batch
    from (
        select
            grains.window_grain,
            {{ ml_monitor.grain_start('spine.hour', grains) }} as window_start,
            {{ ml_monitor.grain_start('spine.hour', grains, units=1) }} as window_end,
            spine.ml_batch
        from {{ prefix }}spine as spine
        cross join {{ ml_monitor.grains(grains) }} as grains
        where
            spine.hour <= {{ ml_monitor.date_add('day', 8, 'spine.newest_logged_hour') }}
    ) as window_hours
    where window_end <= {{ ml_monitor.as_of() }}{{ ' and ' ~ ml_monitor.is_kept_hour(fold_before, 'window_hours') if fold_before
        and 'hour' in grains }}
    group by window_grain, window_start, window_end

),
{%- if trailing %}

{{ prefix }}windows as (

    select window_grain, window_start, window_end, ml_batch
    from (
        select
            ends.window_grain,
            cast({{ ml_monitor.date_add('day', '1 - ends.days', 'plain.window_start') }} as timestamp) as window_start,
            plain.window_end,
            case ends.window_grain
                {%- for grain in trailing %}
                when '{{ grain }}' then max(plain.ml_batch) over (
                    partition by ends.window_grain order by plain.window_start
                    rows between {{ window_days[grain] - 1 }} preceding and current row
                )
                {%- endfor %}
                else plain.ml_batch
            end as ml_batch,
            min(plain.window_start) over (partition by ends.window_grain) as first_start
        from {{ prefix }}plain_windows as plain
        inner join (
            values
            {%- for grain in grains %}
            ('{{ grain }}', '{{ grain }}', 1),
            {%- endfor %}
            {%- for grain in trailing %}
            ('day', '{{ grain }}', {{ window_days[grain] }}){{ ',' if not loop.last }}
            {%- endfor %}
        ) as ends (source_grain, window_grain, days)
            on plain.window_grain = ends.source_grain
    ) as ended
    where window_start >= first_start

),
{%- endif %}

{{ prefix }}newest as (

    select coalesce(max(ml_batch), 0) as ml_batch from {{ rollup }}

),
{%- endmacro %}

{#-
  The windows that a metrics table must write, as CTEs ending in `touched_windows` (window_grain, window_start, window_end).

  A window is half-open, UTC, has ended by `as_of`, and saw a logged row in it or in the eight days before it: one row from
  1970 does not open fifty years of windows, and a source that stopped stays visible for a week. A row of any state counts, so
  that a window, once open, stays open when its last row is replaced. Incremental runs write the windows that is_touched names.

  Arguments: declaration_hash (string: the present one of the table), rollup (relation with window_grain, window_start, ml_batch),
    row_count (SQL, its rows per hour), grains (list of `hour`, `day`, `week`, `month`), where (SQL condition on the rollup, optional),
    fold_before (SQL or none: hours before are kept by day only, and no longer judged),
    also (SQL condition on `windows`: what else is to be written, optional).
-#}
{% macro window_ctes(declaration_hash, rollup, row_count, grains, where='1 = 1', fold_before=none, also=none) -%}
{{ ml_monitor.rollup_windows(rollup, row_count, grains, where, fold_before) }}

touched_windows as (

    select windows.window_grain, windows.window_start, windows.window_end
    from windows
    {%- if ml_monitor.is_incremental() %}
    where
        {{ ml_monitor.is_touched(declaration_hash) | indent(8) }}
        {%- if also %}
        or {{ also | indent(8) }}
        {%- endif %}
    {%- endif %}

),
{%- endmacro %}


{#-
  The windows of a rollup, as the CTEs `rollup_hours` (hour, ml_batch, row_count), `spine` (every hour, with ml_batch and row_count, and
  the newest
  hour logged and the newest with rows so far), `windows` (window_grain, window_start, window_end, ml_batch: the newest of its hours) and
  `newest` (ml_batch).
  Arguments: as window_ctes has them; prefix (string: of the names of these CTEs).
-#}
{% macro rollup_windows(rollup, row_count, grains, where='1 = 1', fold_before=none, prefix='') -%}
{%- set this_hour = ml_monitor.truncate('hour', ml_monitor.as_of()) -%}
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

{{ prefix }}windows as (

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

{{ prefix }}newest as (

    select coalesce(max(ml_batch), 0) as ml_batch from {{ rollup }}

),
{%- endmacro %}


{#-
  Condition of an incremental run that a window must be written: it holds hours that were counted after the table was written, or it is not
  there yet under the present declaration.

  Arguments: declaration_hash (string), rows (SQL condition on the stored rows, alias `built`: those of a group; optional), windows (string:
    the alias of the windows, which have window_grain, window_start and ml_batch).
  Returns: SQL, two conditions joined by `or`.
-#}
{% macro is_touched(declaration_hash, rows=none, windows='windows') -%}
{{ windows }}.ml_batch > (select coalesce(max(built.ml_batch), 0) from {{ this }} as built{{ ' where ' ~ rows if rows }})
or not exists (
    select 1
    from {{ this }} as built
    where
        built.window_grain = {{ windows }}.window_grain
        and built.window_start = {{ windows }}.window_start
        and built.declaration_hash = '{{ declaration_hash }}'
        {%- if rows %}
        and {{ rows }}
        {%- endif %}
)
{%- endmacro %}


{#-
  Condition on a window that its hours are still kept, and judged: a day always, an hour that is not past the declared
  hourly_retention_days.
  Arguments: fold_before (SQL or none), windows (string: the alias). Returns: SQL.
-#}
{% macro is_kept_hour(fold_before, windows='windows') %}
    {%- if not fold_before -%}{%- do return('1 = 1') -%}{%- endif -%}
    {%- do return('(' ~ windows ~ ".window_grain <> 'hour' or " ~ windows ~ '.window_start >= ' ~ fold_before ~ ')') -%}
{% endmacro %}

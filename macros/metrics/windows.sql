{#-
  The windows that a metrics table must write, as CTEs ending in `touched_windows` (window_grain, window_start, window_end).

  A window is half-open, UTC, has ended by `as_of`, and saw a logged row in it or in the eight days before it: one row from
  1970 does not open fifty years of windows, and a source that stopped stays visible for a week. A row of any state counts, so
  that a window, once open, stays open when its last row is replaced. Incremental runs write the
  windows that hold rebuilt hours of the rollup, and those that are not there yet under the present declaration.

  Arguments: declaration_hash (string: the present one of the table), rollup (relation with window_grain, window_start, ml_batch),
    row_count (SQL, its rows per hour), grains (list of `hour`, `day`, `week`, `month`), where (SQL condition on the rollup, optional),
    fold_before (SQL or none: hours before are kept by day only, and no longer judged),
    also (SQL condition on `windows`: what else is to be written, optional).
-#}
{% macro window_ctes(declaration_hash, rollup, row_count, grains, where='1 = 1', fold_before=none, also=none) -%}
{{ ml_monitor.rollup_windows(rollup, row_count, grains, where, fold_before) }}

{{ ml_monitor.touched_windows('', declaration_hash, 'rollup_hours', grains, this, also=also) }}
{%- endmacro %}


{#-
  The windows of a rollup, as the CTEs `rollup_hours` (hour, ml_batch, row_count), `spine` (every hour, with the newest hour logged and the newest
  with rows so far), `windows` (window_grain, window_start, window_end) and `newest` (ml_batch).
  Arguments: as window_ctes has them; prefix (string: of the names of these CTEs).
-#}
{% macro rollup_windows(rollup, row_count, grains, where='1 = 1', fold_before=none, prefix='') -%}
{%- set as_of = ml_monitor.as_of() -%}
{{ prefix }}rollup_hours as (

    select window_start as hour, max(ml_batch) as ml_batch, sum({{ row_count }}) as row_count
    from {{ rollup }}
    where window_grain = 'hour' and {{ where }}
    group by window_start

),

{{ prefix }}hours_back as (

    {{ ml_monitor.numbers_to(131072) | indent(4) }}

),

{{ prefix }}spine as (

    select
        hours.hour,
        max(rollup_hours.hour) over (order by hours.hour) as newest_logged_hour,
        max(case when rollup_hours.row_count > 0 then hours.hour end) over (order by hours.hour) as newest_row_hour
    from (
        select {{ ml_monitor.add_hours(ml_monitor.truncate('hour', as_of), '-1 * cast(generated_number as int)') }} as hour
        from {{ prefix }}hours_back
    ) as hours
    left join {{ prefix }}rollup_hours as rollup_hours on hours.hour = rollup_hours.hour
    where hours.hour >= (select {{ ml_monitor.truncate('day', 'min(hour)') }} from {{ prefix }}rollup_hours)

),

{{ prefix }}windows as (
    {% for grain in grains %}
    select distinct
        cast('{{ grain }}' as {{ ml_monitor.text_type() }}) as window_grain,
        {{ ml_monitor.truncate(grain, 'hour') }} as window_start,
        cast({{ ml_monitor.date_add(grain, 1, ml_monitor.truncate(grain, 'hour')) }} as timestamp) as window_end
    from {{ prefix }}spine
    where
        hour <= {{ ml_monitor.date_add('day', 8, 'newest_logged_hour') }}
        and {{ ml_monitor.date_add(grain, 1, ml_monitor.truncate(grain, 'hour')) }} <= {{ as_of }}
        {%- if fold_before and grain == 'hour' %}
        and hour >= {{ fold_before }}
        {%- endif %}
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}

),

{{ prefix }}newest as (

    select coalesce(max(ml_batch), 0) as ml_batch from {{ rollup }}

),
{%- endmacro %}


{#-
  The windows to write, as the CTEs `<name>_rebuilt_hours` and `<name>_touched_windows`; without a name, `rebuilt_hours` and `touched_windows`.

  Arguments: name (string), declaration_hash (string), rollup_hours (CTE name), grains (list), built (relation or `(select ...)`: the stored rows),
    windows (CTE name), fold_before (SQL or none: hourly windows before are left out), also (SQL condition on `windows`, optional).
-#}
{% macro touched_windows(name, declaration_hash, rollup_hours, grains, built, windows='windows', fold_before=none, also=none) -%}
{%- set prefix = name ~ '_' if name else '' -%}
{{ prefix }}rebuilt_hours as (

    select hour
    from {{ rollup_hours }}
    {%- if ml_monitor.is_incremental() %}
    where ml_batch > (select coalesce(max(built.ml_batch), 0) from {{ ml_monitor.aliased(built, 'built') }})
    {%- endif %}

),

{{ prefix }}touched_windows as (

    select windows.*
    from {{ windows ~ ' as ' if windows != 'windows' }}windows
    {%- set is_kept -%}
        {%- if fold_before -%}(windows.window_grain <> 'hour' or windows.window_start >= {{ fold_before }}){%- endif -%}
    {%- endset %}
    {%- if ml_monitor.is_incremental() or fold_before or grains == ['hour'] %}
    where
        windows.window_grain in ('{{ grains | join("', '") }}')
        {%- if is_kept %}
        and {{ is_kept }}
        {%- endif %}
        {%- if ml_monitor.is_incremental() %}
        and (
            {%- for grain in grains %}
            (windows.window_grain = '{{ grain }}' and windows.window_start in (select {{ ml_monitor.truncate(grain, 'hour') }} from {{ prefix }}rebuilt_hours))
            or
            {%- endfor %}
            {%- if also %}
            {{ also | indent(12) }}
            or
            {%- endif %}
            not exists (
                select 1
                from {{ ml_monitor.aliased(built, 'built') }}
                where
                    built.window_grain = windows.window_grain
                    and built.window_start = windows.window_start
                    and built.declaration_hash = '{{ declaration_hash }}'
            )
        )
        {%- endif %}
    {%- endif %}

),
{%- endmacro %}

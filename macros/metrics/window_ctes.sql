{#-
  The windows that a metrics table must write, as CTEs ending in `touched_windows` (window_grain, window_start, window_end).

  A window is half-open, UTC, has ended by `as_of`, and saw a logged row in it or in the eight days before it: one row from
  1970 does not open fifty years of windows, and a source that stopped stays visible for a week. A row of any state counts, so
  that a window, once open, stays open when its last row is replaced. Incremental runs write the windows that is_touched names.

  Arguments: declaration_hash (string: the present one of the table), rollup (relation with window_grain, window_start, ml_batch),
    row_count (SQL, its rows per hour), grains (list of `hour`, `day`, `7_days`, `28_days`, `month`), where (SQL condition on the rollup,
    optional),
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

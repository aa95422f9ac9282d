{#-
  The group `freshness` of <m>__window_metrics: how old the data was when each hour and day ended, how long rows take to arrive, and where
  there are holes, by the rows known now.

  Arguments: spec (dict of monitor_spec).
  Returns: CTEs ending in `freshness_windows`, the windows to write. Columns: freshness_columns; ages and lags in minutes, gaps in hours,
  late_rate is a share of current rows (99.9 % Wilson bounds).
-#}
{% macro freshness_windows(spec) -%}
    {%- set fold_before = ml_monitor.fold_before(spec) -%}
-- Ages and gaps look back, so a change reaches every window after it.
freshness_windows as (

    select windows.window_grain, windows.window_start, windows.window_end
    from windows
    where
        {{ ml_monitor.is_kept_hour(fold_before) }}
        {%- if ml_monitor.is_incremental() %}
        and windows.window_start >= (
            select min(touched.window_start)
            from windows as touched
            where
                {{ ml_monitor.is_kept_hour(fold_before, 'touched') }}
                and (
                    {{ ml_monitor.is_touched(ml_monitor.declaration_hash(spec, 'freshness'), "built.metric_group = 'freshness'",
                        'touched') | indent(20) }}
                )
        )
        {%- endif %}

),
{%- endmacro %}

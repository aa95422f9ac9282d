{#-
  What a table that compares with the serving baseline writes, as the CTE `written_windows`: in an incremental run what was touched, and all
  windows once a baseline was changed, added or removed; after baseline_states and window_ctes.
  Arguments: baseline (SQL: the column of the stored rows that names their baseline).
-#}
{% macro windows_against_baseline(baseline="'serving'") -%}
{% if ml_monitor.is_incremental() -%}
{{ ml_monitor.changed_baselines(baseline) }}

{% endif -%}
written_windows as (

    select window_grain, window_start, window_end from touched_windows
    {%- if ml_monitor.is_incremental() %}
    union
    select window_grain, window_start, window_end from windows where exists (select 1 from changed_baselines)
    {%- endif %}

),
{%- endmacro %}

{#-
  When the baseline that an expected change began ends, as SQL: at the next change, else in the year 9999.
  Arguments: partition_by (SQL, optional: the columns that have changes of their own); changed_on and baseline_since must be in scope.
-#}
{% macro until_next_change(partition_by=none) %}
    {%- set window = ('partition by ' ~ partition_by ~ ' ' if partition_by else '') ~ 'order by changed_on, baseline_since' -%}
    {%- do return('coalesce(lead(changed_on) over (' ~ window ~ '), ' ~ ml_monitor.timestamp_literal('9999-12-31 00:00:00') ~ ')') -%}
{% endmacro %}

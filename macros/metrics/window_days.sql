{#-
  The windows of whole days that are compared with the serving baseline, with their lengths in days: each day, and the last 7 and 28 days of
  each day. Where a day has too few rows for a verdict, the longer windows have one; and a slow change shows in no single day. Whole weeks,
  so that weekends do not count as a change.
  Returns: dict of window_grain -> days.
-#}
{% macro window_days() %}{% do return({'day': 1, '7_days': 7, '28_days': 28}) %}{% endmacro %}

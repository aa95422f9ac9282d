{#-
  Condition on a window that its hours are still kept, and judged: a day always, an hour that is not past the declared
  hourly_retention_days.
  Arguments: fold_before (SQL or none), windows (string: the alias). Returns: SQL.
-#}
{% macro is_kept_hour(fold_before, windows='windows') %}
    {%- if not fold_before -%}{%- do return('1 = 1') -%}{%- endif -%}
    {%- do return('(' ~ windows ~ ".window_grain <> 'hour' or " ~ windows ~ '.window_start >= ' ~ fold_before ~ ')') -%}
{% endmacro %}

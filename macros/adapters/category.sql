{#-
  A category, class, version or segment value as the tables write it. Real values that look like our own words (`__all__`,
  `__other__`, `__null__`, ...), with or without `=` in front, get one more `=` in front, so the two never meet. Of a value of
  237 characters or more the first 200 are kept, then ` ... ` and the md5 of the whole: 237 in all, so that no two values meet.
  The whole value is in the log.
  Arguments: expression (SQL text). Returns: SQL text.
-#}
{% macro category(expression) %}
    {%- set words = ml_monitor.string_list(['__all__', '__other__', '__null__', '__none__', '__labelled__', '__unlabelled__']) -%}
    {#- Nearly all values are decided by their length and last two letters; trimming each costs more than counting it. -#}
    {%- do return("case when length(" ~ expression ~ ") > 236 then substr(" ~ expression ~ ", 1, 200) || ' ... ' || "
        ~ ml_monitor.md5_text(expression) ~ " when "
        ~ ml_monitor.ends_with(expression, '__') ~ " then case when " ~ ml_monitor.without_leading(expression, '=') ~ " in (" ~ words
        ~ ") then '=' || "
        ~ expression ~ " else " ~ expression ~ " end else " ~ expression ~ " end") -%}
{% endmacro %}

{#-
  A number as text with about four significant digits, for messages, so that a value never reads like the limit that it passed.
  Arguments: expression (SQL). Returns: SQL, a text.
-#}
{% macro significant_text(expression) %}
    {%- set x = 'abs(' ~ expression ~ ')' -%}
    {%- set ns = namespace(whens='') -%}
    {%- for least, digits in [[1000, 0], [100, 1], [10, 2], [0.1, 3], [0.01, 4]] -%}
        {%- set ns.whens = ns.whens ~ ' when ' ~ x ~ ' >= ' ~ least ~ ' then ' ~ ml_monitor.number_text(expression, digits) -%}
    {%- endfor -%}
    {%- do return('case when ' ~ expression ~ " = 0 then '0'" ~ ns.whens ~ ' else ' ~ ml_monitor.number_text(expression, 6) ~ ' end') -%}
{% endmacro %}

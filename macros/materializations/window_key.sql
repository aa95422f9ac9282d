{#- The text that names a window, whose rows are replaced together: its grain and its start, columns in scope. Returns: SQL. -#}
{% macro window_key() %}
    {%- do return("window_grain || ' ' || cast(window_start as " ~ ml_monitor.text_type() ~ ')') -%}
{% endmacro %}

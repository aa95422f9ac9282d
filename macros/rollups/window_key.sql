{#- Text that names a window, for delete+insert: its grain and its start. -#}
{% macro window_key(grain, start) %}
    {%- do return("cast(" ~ grain ~ " || ' ' || cast(" ~ start ~ " as " ~ ml_monitor.text_type() ~ ") as " ~ ml_monitor.text_type()
        ~ ")") -%}
{% endmacro %}

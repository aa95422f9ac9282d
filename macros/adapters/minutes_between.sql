{#-
  Minutes from one timestamp to another, as a float with fractions: whole microseconds divided once, so the same everywhere.
  Arguments: first, last (SQL, timestamps of the years 1 to 9999). Returns: SQL, a 64-bit float; NULL if one is NULL.
-#}
{% macro minutes_between(first, last) %}
    {%- do return(adapter.dispatch('minutes_between', 'ml_monitor')(first, last)) -%}
{% endmacro %}

{% macro default__minutes_between(first, last) %}{% do ml_monitor.not_ported('minutes_between', 'first, last') %}{% endmacro %}

{% macro postgres__minutes_between(first, last) %}
    {%- do return(ml_monitor.float64("1000000 * (extract(epoch from (" ~ last ~ ")) - extract(epoch from (" ~ first ~ ")))")
        ~ " / 60000000") -%}
{% endmacro %}

{#- As floats, which are exact for the times of three hundred years and, unlike integers, do not overflow for absurd ones. -#}
{% macro duckdb__minutes_between(first, last) %}
    {%- do return("(" ~ ml_monitor.float64("epoch_us(" ~ last ~ ")") ~ " - " ~ ml_monitor.float64("epoch_us(" ~ first ~ ")")
        ~ ") / 60000000") -%}
{% endmacro %}

{% macro spark__minutes_between(first, last) %}
    {%- do return("(unix_micros(" ~ last ~ ") - unix_micros(" ~ first ~ ")) / 60000000D") -%}
{% endmacro %}

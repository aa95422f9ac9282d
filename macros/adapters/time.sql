{#- Minutes from one timestamp to another, as a float with fractions: whole microseconds divided once, so the same everywhere. -#}
{% macro minutes_between(first, last) %}
    {%- do return(adapter.dispatch('minutes_between', 'ml_monitor')(first, last)) -%}
{% endmacro %}

{% macro default__minutes_between(first, last) %}
    {%- do return(ml_monitor.float64("1000000 * (extract(epoch from (" ~ last ~ ")) - extract(epoch from (" ~ first ~ ")))") ~ " / 60000000") -%}
{% endmacro %}

{#- As floats, which are exact for the times of three hundred years and, unlike integers, do not overflow for absurd ones. -#}
{% macro duckdb__minutes_between(first, last) %}
    {%- do return("(" ~ ml_monitor.float64("epoch_us(" ~ last ~ ")") ~ " - " ~ ml_monitor.float64("epoch_us(" ~ first ~ ")") ~ ") / 60000000") -%}
{% endmacro %}

{% macro spark__minutes_between(first, last) %}
    {%- do return("(unix_micros(" ~ last ~ ") - unix_micros(" ~ first ~ ")) / 60000000D") -%}
{% endmacro %}


{#- A UTC timestamp as local time of a declared zone, daylight saving included. -#}
{% macro local_time(expression, time_zone) %}
    {%- do return(adapter.dispatch('local_time', 'ml_monitor')(expression, time_zone)) -%}
{% endmacro %}

{% macro default__local_time(expression, time_zone) %}
    {%- do return("timezone(" ~ ml_monitor.string_literal(time_zone) ~ ", timezone('UTC', " ~ expression ~ "))") -%}
{% endmacro %}

{% macro spark__local_time(expression, time_zone) %}
    {%- do return("from_utc_timestamp(" ~ expression ~ ", " ~ ml_monitor.string_literal(time_zone) ~ ")") -%}
{% endmacro %}


{#- The hour of the clock of a declared zone that a UTC timestamp is in. -#}
{% macro local_hour(expression, time_zone) %}
    {%- do return(ml_monitor.truncate('hour', ml_monitor.local_time(expression, time_zone))) -%}
{% endmacro %}


{#- `timestamp + n hours`, `n` a SQL expression or a number. -#}
{% macro add_hours(expression, n) %}
    {%- do return("cast(" ~ ml_monitor.date_add('hour', n, expression) ~ " as timestamp)") -%}
{% endmacro %}


{#- A timestamp cut to `hour`, `day` or `month`. -#}
{% macro truncate(grain, expression) %}
    {%- do return("cast(date_trunc('" ~ grain ~ "', " ~ expression ~ ") as timestamp)") -%}
{% endmacro %}


{#- dbt.dateadd without the blank lines around it. Arguments: datepart (string), interval (number or SQL), expression (SQL). -#}
{% macro date_add(datepart, interval, expression) %}
    {%- do return(dbt.dateadd(datepart, interval, expression) | trim) -%}
{% endmacro %}


{#- Minutes as half hours, rounded: how a wrong time zone shows. Arguments: minutes (SQL). Returns: SQL, a float. -#}
{% macro half_hours(minutes) %}
    {%- do return('floor((' ~ minutes ~ ') / 30 + 0.5)') -%}
{% endmacro %}


{#- Whether a timestamp is a Saturday or Sunday. Returns: SQL, a condition. -#}
{% macro is_weekend(expression) %}
    {%- do return(adapter.dispatch('is_weekend', 'ml_monitor')(expression)) -%}
{% endmacro %}

{% macro default__is_weekend(expression) %}
    {%- do return('extract(isodow from ' ~ expression ~ ') > 5') -%}
{% endmacro %}

{% macro spark__is_weekend(expression) %}
    {%- do return('extract(dayofweek_iso from ' ~ expression ~ ') > 5') -%}
{% endmacro %}

{#-
  A timestamp moved by whole units; its fractions of a second stay, and NULL is NULL: dbt.dateadd without the blank lines around it.
  Arguments: datepart (string: second, minute, hour, day, week, month, year), interval (int or SQL), expression (SQL, timestamp).
    Returns: SQL.
-#}
{% macro date_add(datepart, interval, expression) %}
    {%- do return(adapter.dispatch('date_add', 'ml_monitor')(datepart, interval, expression)) -%}
{% endmacro %}

{% macro default__date_add(datepart, interval, expression) %}
    {%- do return(dbt.dateadd(datepart, interval, expression) | trim) -%}
{% endmacro %}

{#- dbt-spark's goes by whole seconds and raises on NULL. -#}
{% macro spark__date_add(datepart, interval, expression) %}
    {%- set n = 'cast(' ~ interval ~ ' as int)' -%}
    {%- set steps = {
        'second': 'make_dt_interval(0, 0, 0, ' ~ n ~ ')',
        'minute': 'make_dt_interval(0, 0, ' ~ n ~ ')',
        'hour': 'make_dt_interval(0, ' ~ n ~ ')',
        'day': 'make_dt_interval(' ~ n ~ ')',
        'week': 'make_dt_interval(7 * ' ~ n ~ ')',
        'month': 'make_ym_interval(0, ' ~ n ~ ')',
        'year': 'make_ym_interval(' ~ n ~ ')',
    } -%}
    {%- do return('((' ~ expression ~ ') + ' ~ steps[datepart] ~ ')') -%}
{% endmacro %}

{#-
  run-operation: makes what the services of the city log, forty days from 5 January 2026 on, in the schema raw. Always the same rows.

  The last day, 13 February, has three faults: messages of the help line are longer, and the router is less sure of them; the wind and the
  humidity are missing from the forecasts of heat. On 12 February, from 2:00 to 4:00, these are written twice. The hours of sun are known
  from 4 February on. Nothing is wrong with the discharges of the hospital.
-#}
{% macro make_raw_tables() %}
    {%- do run_query('create schema if not exists raw') -%}
    {%- for name, select in {
        'discharges': ml_monitor_integration_tests.discharges(),
        'returns': ml_monitor_integration_tests.returns(),
        'past_discharges': ml_monitor_integration_tests.past_discharges(),
        'wards': "select 'w' || n as ward_id from " ~ ml_monitor_integration_tests.numbered(12),
        'heat_forecasts': ml_monitor_integration_tests.heat_forecasts(),
        'heat_used': ml_monitor_integration_tests.heat_used(),
        'messages': ml_monitor_integration_tests.messages(40 * 20000),
        'messages_of_training': ml_monitor_integration_tests.messages(30000),
    }.items() -%}
        {%- do run_query('drop table if exists raw.' ~ name ~ ' cascade') -%}
        {%- do run_query('create table raw.' ~ name ~ ' as ' ~ select) -%}
    {%- endfor -%}
    {%- do adapter.commit() if target.type == 'duckdb' else run_query('commit') -%}
{% endmacro %}


{#- Rows of n from 0 on. Arguments: count (int). Returns: SQL, a relation. -#}
{% macro numbered(count) %}
    {%- do return('(select cast(n as bigint) as n from generate_series(0, ' ~ (count - 1) ~ ') as series(n)) as numbered') -%}
{% endmacro %}


{#- A number that looks drawn from 0 to 1, the same on every engine: a square modulo a prime. Arguments: stream (int). Returns: SQL of n. -#}
{% macro drawn(stream) %}
    {%- set x = '((n * ' ~ (1103515245 + 22695477 * stream) % 2147483629 ~ ' + ' ~ 740331 * stream ~ ') % 2147483629)' -%}
    {%- do return('(cast(' ~ x ~ ' * ' ~ x ~ ' % 2147483629 as double precision) / 2147483629)') -%}
{% endmacro %}


{#- A number from -1 to 1, most often about 0. Arguments: stream (int). Returns: SQL of n. -#}
{% macro spread(stream) %}
    {%- do return('(' ~ ml_monitor_integration_tests.drawn(stream) ~ ' - ' ~ ml_monitor_integration_tests.drawn(stream + 1) ~ ')') -%}
{% endmacro %}


{#- The time of row n. Arguments: per_day (int), seconds (SQL: later than that). Returns: SQL, timestamp. -#}
{% macro moment(per_day, seconds='0') %}
    {%- set since = 'cast(floor(n * ' ~ 86400 / per_day ~ ' + ' ~ seconds ~ ') as bigint)' -%}
    {%- do return("(timestamp '2026-01-05 00:00:00' + " ~ since ~ " * interval '1 second')") -%}
{% endmacro %}


{#- 50 a day: patients who leave the hospital, and the risk that they come back. -#}
{% macro discharges() %}
select
    'd' || n as discharge_id,
    {{ ml_monitor_integration_tests.moment(50) }} as discharged_at,
    {{ ml_monitor_integration_tests.moment(50, '20') }} as logged_at,
    'r1' as release,
    'w' || cast(floor(12 * {{ ml_monitor_integration_tests.drawn(1) }}) as int) as ward_id,
    cast(floor(55 + 40 * {{ ml_monitor_integration_tests.spread(2) }}) as int) as patient_age,
    1 + 9 * {{ ml_monitor_integration_tests.drawn(4) }} as stay_days,
    {{ ml_monitor_integration_tests.drawn(5) }} as risk,
    case when {{ ml_monitor_integration_tests.drawn(5) }} > 0.7 then 1 else 0 end as is_flagged
from {{ ml_monitor_integration_tests.numbered(40 * 50) }}
{% endmacro %}


{#- Known two days after a discharge: whether the patient came back. -#}
{% macro returns() %}
select
    'd' || n as discharge_id,
    case when {{ ml_monitor_integration_tests.drawn(6) }} < {{ ml_monitor_integration_tests.drawn(5) }} then 1 else 0 end as came_back,
    {{ ml_monitor_integration_tests.moment(50, '172800') }} as known_at
from {{ ml_monitor_integration_tests.numbered(38 * 50) }}
{% endmacro %}


{#- What the model of the hospital was trained on. -#}
{% macro past_discharges() %}
select
    cast(floor(55 + 40 * {{ ml_monitor_integration_tests.spread(12) }}) as int) as patient_age,
    1 + 9 * {{ ml_monitor_integration_tests.drawn(14) }} as stay_days,
    {{ ml_monitor_integration_tests.drawn(15) }} as risk,
    case when {{ ml_monitor_integration_tests.drawn(16) }} < {{ ml_monitor_integration_tests.drawn(15) }} then 1 else 0 end as came_back
from {{ ml_monitor_integration_tests.numbered(3000) }}
{% endmacro %}


{#- 330 a day: the heat that a street will need. -#}
{% macro heat_forecasts() %}
select
    'f' || n as forecast_id,
    {{ ml_monitor_integration_tests.moment(330) }} as made_at,
    {{ ml_monitor_integration_tests.moment(330, '5') }} as logged_at,
    -5 + 8 * {{ ml_monitor_integration_tests.spread(1) }} as outdoor_celsius,
    case when n < 39 * 330 then 12 * {{ ml_monitor_integration_tests.drawn(3) }} end as wind_speed,
    case when n < 39 * 330 then 60 + 30 * {{ ml_monitor_integration_tests.spread(4) }} end as humidity,
    case when n >= 30 * 330 then 8 * {{ ml_monitor_integration_tests.drawn(6) }} end as sun_hours,
    100 - 6 * {{ ml_monitor_integration_tests.spread(1) }} as demand_kwh
from (
    select n from {{ ml_monitor_integration_tests.numbered(40 * 330) }}
    union all
    select n from {{ ml_monitor_integration_tests.numbered(40 * 330) }}
    where n * {{ 86400 / 330 }} >= {{ 38 * 86400 + 7200 }} and n * {{ 86400 / 330 }} < {{ 38 * 86400 + 14400 }}
) as written
{% endmacro %}


{#- The heat that it needed, metered at the end of the hour. -#}
{% macro heat_used() %}
select
    'f' || n as forecast_id,
    100 - 6 * {{ ml_monitor_integration_tests.spread(1) }} + 3 * {{ ml_monitor_integration_tests.spread(8) }} as used_kwh,
    {{ ml_monitor_integration_tests.moment(330, '3600') }} as metered_at
from {{ ml_monitor_integration_tests.numbered(40 * 330 - 14) }}
{% endmacro %}


{#- 20,000 a day: messages to the help line, and the office that each is for. Arguments: count (int). -#}
{% macro messages(count) %}
{%- set is_last = 'n >= ' ~ 39 * 20000 %}
select
    n as message_id,
    {{ ml_monitor_integration_tests.moment(20000) }} as received_at,
    {{ ml_monitor_integration_tests.moment(20000, '2') }} as logged_at,
    case when n % 10 < 6 then 'app' when n % 10 < 9 then 'mail' else 'phone' end as channel,
    cast(floor((40 + 30 * {{ ml_monitor_integration_tests.spread(1) }}) * case when {{ is_last }} then 2 else 1 end) as int) as word_count,
    case when n % 7 < 3 then 'taxes' when n % 7 < 5 then 'waste' else 'permits' end as office,
    (0.5 + 0.5 * {{ ml_monitor_integration_tests.drawn(3) }}) * case when {{ is_last }} then 0.8 else 1 end as certainty
from {{ ml_monitor_integration_tests.numbered(count) }}
{% endmacro %}

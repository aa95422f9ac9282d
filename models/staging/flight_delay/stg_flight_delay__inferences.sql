with

logged_as_parquet as (

    select * from {{ source('flights', 'flight_delay_inferences') }}

),

logged_as_json as (

    select * from {{ source('flights', 'flight_delay_inferences_jsonl') }}

),

unioned as (
    {% for origin in ['logged_as_parquet', 'logged_as_json'] %}
    select
        prediction_id,
        request_id,
        flight_id,
        {{ ml_monitor.safe_cast('event_time', 'timestamp') }} as event_time,
        {{ ml_monitor.safe_cast('ingest_time', 'timestamp') }} as ingest_time,
        model_version,
        carrier,
        origin,
        dest,
        sched_hour,
        weekday,
        distance,
        tail_number,
        weather_station,
        {{ ml_monitor.safe_cast('weather_hour', 'timestamp') }} as weather_hour,
        aircraft_age,
        seats,
        temp,
        humid,
        wind_speed,
        pressure,
        visib,
        score,
        prediction,
        latency_ms,
        status
    from {{ origin }}
    {{- '\n    union all' if not loop.last }}
    {%- endfor %}

)

select * from unioned

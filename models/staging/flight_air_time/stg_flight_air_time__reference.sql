select
    reference_id,
    model_version,
    carrier,
    origin,
    dest,
    distance,
    seats,
    aircraft_age,
    wind_speed,
    temp,
    prediction,
    label
from {{ source('flights', 'flight_air_time_reference') }}

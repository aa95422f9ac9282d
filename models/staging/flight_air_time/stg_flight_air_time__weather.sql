select
    weather_station,
    weather_hour
from {{ source('flights', 'weather') }}

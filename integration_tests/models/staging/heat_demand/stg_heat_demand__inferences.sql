select * from {{ source('city', 'heat_forecasts') }}

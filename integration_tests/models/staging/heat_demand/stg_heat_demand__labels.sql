select * from {{ source('city', 'heat_used') }}

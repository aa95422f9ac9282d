select * from {{ source('city', 'past_discharges') }}

select * from {{ source('city', 'discharges') }}

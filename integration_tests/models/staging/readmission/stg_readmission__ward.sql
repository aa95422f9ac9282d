select * from {{ source('city', 'wards') }}

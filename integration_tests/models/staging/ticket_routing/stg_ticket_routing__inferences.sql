select * from {{ source('city', 'messages') }}

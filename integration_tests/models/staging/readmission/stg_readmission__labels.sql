select * from {{ source('city', 'returns') }}

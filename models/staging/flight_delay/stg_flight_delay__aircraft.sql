select tail_number
from {{ source('flights', 'aircraft') }}

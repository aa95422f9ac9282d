select
    prediction_id,
    label,
    label_time,
    ingest_time
from {{ source('flights', 'flight_air_time_labels') }}

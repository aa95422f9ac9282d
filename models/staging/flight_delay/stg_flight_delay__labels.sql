select
    prediction_id,
    label,
    label_time,
    ingest_time
from {{ source('flights', 'flight_delay_labels') }}

{{ config(materialized='table') }}

{{ ml_monitor.require_gate('flight_delay') }}

select
    inferences.*,
    labels.label,
    labels.label_time
from {{ ref('flight_delay__inferences') }} as inferences
inner join {{ ref('flight_delay__labels') }} as labels on inferences.prediction_id = labels.prediction_id

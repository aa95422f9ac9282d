{{ config(materialized='table') }}

{{ ml_monitor.require_gate('flight_delay') }}

with

inferences as (

    select * from {{ ref('flight_delay__inferences') }}

),

labels as (

    select * from {{ ref('flight_delay__labels') }}

)

select
    inferences.*,
    labels.label,
    labels.label_time
from inferences
inner join labels on inferences.prediction_id = labels.prediction_id

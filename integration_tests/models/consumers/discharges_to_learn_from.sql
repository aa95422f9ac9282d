{{ config(materialized='table') }}

{{ ml_monitor.require_gate('readmission') }}

select
    discharges.*,
    returns.came_back
from {{ ref('readmission__inferences') }} as discharges
inner join {{ ref('readmission__labels') }} as returns on discharges.discharge_id = returns.discharge_id

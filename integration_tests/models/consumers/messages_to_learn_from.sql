{{ config(materialized='table') }}

{{ ml_monitor.require_gate('ticket_routing') }}

select * from {{ ref('ticket_routing__inferences') }}

{{ config(materialized='view') }}

select distinct cast({{ dbt.date_trunc('day', 'window_start') }} as date) as date_day
from {{ ref('ml_metrics') }}

{{ ml_monitor.freshness_metrics('flight_delay') }}

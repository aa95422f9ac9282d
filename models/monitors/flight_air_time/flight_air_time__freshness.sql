{{ ml_monitor.freshness_metrics('flight_air_time') }}

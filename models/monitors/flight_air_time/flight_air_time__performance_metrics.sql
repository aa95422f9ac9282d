{{ ml_monitor.performance_metrics('flight_air_time') }}

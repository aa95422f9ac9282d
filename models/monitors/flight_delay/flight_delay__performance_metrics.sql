{{ ml_monitor.performance_metrics('flight_delay') }}

{{ ml_monitor.metrics('flight_delay') }}

{{ ml_monitor.labels('flight_delay') }}

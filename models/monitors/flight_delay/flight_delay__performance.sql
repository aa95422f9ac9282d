{{ ml_monitor.performance('flight_delay') }}

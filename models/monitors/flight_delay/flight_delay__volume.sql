{{ ml_monitor.volume('flight_delay') }}

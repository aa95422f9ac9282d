{{ ml_monitor.history('flight_delay') }}

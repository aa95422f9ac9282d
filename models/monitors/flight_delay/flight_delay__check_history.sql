{{ ml_monitor.check_history('flight_delay') }}

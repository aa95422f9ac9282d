{{ ml_monitor.quarantine('flight_delay') }}

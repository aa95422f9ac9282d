{{ ml_monitor.drift('flight_delay') }}

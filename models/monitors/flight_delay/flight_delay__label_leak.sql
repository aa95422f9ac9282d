{{ ml_monitor.label_leak('flight_delay') }}

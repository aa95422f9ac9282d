{{ ml_monitor.runs('flight_delay') }}

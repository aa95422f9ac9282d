{{ ml_monitor.checks('flight_delay') }}

{{ ml_monitor.gate('flight_delay') }}

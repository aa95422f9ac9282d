{{ ml_monitor.grid('flight_delay') }}

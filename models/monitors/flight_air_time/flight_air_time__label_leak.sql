{{ ml_monitor.label_leak('flight_air_time') }}

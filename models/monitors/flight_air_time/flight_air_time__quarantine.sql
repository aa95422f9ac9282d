{{ ml_monitor.quarantine('flight_air_time') }}

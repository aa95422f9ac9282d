{{ ml_monitor.history('flight_air_time') }}

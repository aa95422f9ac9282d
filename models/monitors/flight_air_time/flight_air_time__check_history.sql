{{ ml_monitor.check_history('flight_air_time') }}

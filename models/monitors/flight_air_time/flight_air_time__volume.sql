{{ ml_monitor.volume('flight_air_time') }}

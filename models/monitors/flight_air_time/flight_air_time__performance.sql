{{ ml_monitor.performance('flight_air_time') }}

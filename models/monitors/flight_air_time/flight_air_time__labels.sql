{{ ml_monitor.labels('flight_air_time') }}

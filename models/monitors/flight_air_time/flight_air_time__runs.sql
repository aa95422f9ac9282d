{{ ml_monitor.runs('flight_air_time') }}

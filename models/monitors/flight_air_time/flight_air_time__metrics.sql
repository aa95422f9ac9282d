{{ ml_monitor.metrics('flight_air_time') }}

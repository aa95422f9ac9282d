{{ ml_monitor.inferences('flight_air_time') }}

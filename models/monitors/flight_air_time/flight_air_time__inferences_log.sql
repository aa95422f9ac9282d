{{ ml_monitor.inferences_log('flight_air_time') }}

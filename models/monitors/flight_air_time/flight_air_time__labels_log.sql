{{ ml_monitor.labels_log('flight_air_time') }}

{{ ml_monitor.labels_log('flight_delay') }}

{{ ml_monitor.inferences_log('flight_delay') }}

{{ ml_monitor.inferences('flight_delay') }}

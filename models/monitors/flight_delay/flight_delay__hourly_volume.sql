{{ ml_monitor.hourly_volume('flight_delay') }}

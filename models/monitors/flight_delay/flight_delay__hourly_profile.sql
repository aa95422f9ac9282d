{{ ml_monitor.hourly_profile('flight_delay') }}

{{ ml_monitor.hourly_profile('flight_air_time') }}

{{ ml_monitor.hourly_volume('flight_air_time') }}

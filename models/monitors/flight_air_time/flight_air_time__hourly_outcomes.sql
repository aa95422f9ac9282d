{{ ml_monitor.hourly_outcomes('flight_air_time') }}

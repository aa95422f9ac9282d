{{ ml_monitor.hourly_joins('flight_air_time') }}

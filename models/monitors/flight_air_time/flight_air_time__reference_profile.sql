{{ ml_monitor.reference_profile('flight_air_time') }}

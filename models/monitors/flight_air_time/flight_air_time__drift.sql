{{ ml_monitor.drift('flight_air_time') }}

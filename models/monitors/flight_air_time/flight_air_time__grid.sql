{{ ml_monitor.grid('flight_air_time') }}

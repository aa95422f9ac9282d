{{ ml_monitor.checks('flight_air_time') }}

{{ ml_monitor.gate('flight_air_time') }}

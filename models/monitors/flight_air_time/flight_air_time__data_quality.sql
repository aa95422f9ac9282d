{{ ml_monitor.data_quality('flight_air_time') }}

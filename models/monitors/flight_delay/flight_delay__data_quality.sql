{{ ml_monitor.data_quality('flight_delay') }}

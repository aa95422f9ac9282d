{{ ml_monitor.grid_categories('flight_air_time') }}

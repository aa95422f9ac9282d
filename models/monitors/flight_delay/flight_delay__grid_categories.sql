{{ ml_monitor.grid_categories('flight_delay') }}

{{ ml_monitor.hourly_joins('flight_delay') }}

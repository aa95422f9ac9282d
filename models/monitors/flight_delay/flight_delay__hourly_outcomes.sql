{{ ml_monitor.hourly_outcomes('flight_delay') }}

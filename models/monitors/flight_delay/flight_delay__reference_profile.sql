{{ ml_monitor.reference_profile('flight_delay') }}

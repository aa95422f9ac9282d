{{ ml_monitor.deletions('flight_delay') }}

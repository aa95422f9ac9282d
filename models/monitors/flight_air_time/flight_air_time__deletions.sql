{{ ml_monitor.deletions('flight_air_time') }}

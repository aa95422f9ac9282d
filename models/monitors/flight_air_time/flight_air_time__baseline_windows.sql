{{ ml_monitor.baseline_windows('flight_air_time') }}

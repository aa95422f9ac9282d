{{ ml_monitor.baseline_windows('flight_delay') }}

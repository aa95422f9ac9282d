{{ ml_monitor.window_metrics('flight_delay') }}

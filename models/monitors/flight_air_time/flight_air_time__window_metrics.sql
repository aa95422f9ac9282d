{{ ml_monitor.window_metrics('flight_air_time') }}

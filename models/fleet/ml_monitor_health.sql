{{ ml_monitor.monitor_health() }}

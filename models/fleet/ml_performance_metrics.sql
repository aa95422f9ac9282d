{{ ml_monitor.fleet('performance_metrics') }}

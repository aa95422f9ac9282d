{{ ml_monitor.fleet('data_quality') }}

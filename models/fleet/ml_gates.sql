{{ ml_monitor.fleet('gate') }}

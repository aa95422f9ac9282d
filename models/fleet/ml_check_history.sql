{{ ml_monitor.fleet('check_history') }}

{{ ml_monitor.fleet('relations') }}

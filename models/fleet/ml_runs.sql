{{ ml_monitor.fleet('runs') }}

{{ ml_monitor.fleet('performance') }}

{{ ml_monitor.fleet('checks') }}

{{ ml_monitor.fleet('metrics') }}

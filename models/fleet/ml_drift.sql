{{ ml_monitor.fleet('drift') }}

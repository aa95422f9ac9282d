{{ ml_monitor.fleet('volume') }}

{{ ml_monitor.fleet('freshness') }}

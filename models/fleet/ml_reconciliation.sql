{{ ml_monitor.fleet('reconciliation') }}

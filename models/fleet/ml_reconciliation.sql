{{ ml_monitor.fleet('reconciliation', part='reconciliation') }}

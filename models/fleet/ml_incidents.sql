{{ ml_monitor.incidents() }}

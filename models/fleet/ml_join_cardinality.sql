{{ ml_monitor.fleet('join_cardinality') }}

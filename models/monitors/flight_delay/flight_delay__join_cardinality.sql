{{ ml_monitor.join_cardinality_metrics('flight_delay') }}

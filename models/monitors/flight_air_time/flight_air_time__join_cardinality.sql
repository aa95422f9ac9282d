{{ ml_monitor.join_cardinality_metrics('flight_air_time') }}

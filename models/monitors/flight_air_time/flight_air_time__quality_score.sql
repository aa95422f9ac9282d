{{ ml_monitor.quality_score('flight_air_time') }}

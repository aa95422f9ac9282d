{{ ml_monitor.quality_score('flight_delay') }}

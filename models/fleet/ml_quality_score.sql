{{ ml_monitor.fleet('quality_score') }}

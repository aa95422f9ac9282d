{{ ml_monitor.objectives() }}

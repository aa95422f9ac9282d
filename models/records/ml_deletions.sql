{{ ml_monitor.deletions() }}

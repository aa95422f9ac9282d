{{ ml_monitor.monitors_view() }}

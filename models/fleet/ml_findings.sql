{{ ml_monitor.findings_view() }}

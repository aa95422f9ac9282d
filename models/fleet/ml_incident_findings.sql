{{ ml_monitor.incident_findings() }}

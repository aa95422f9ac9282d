{{ ml_monitor.fleet_gates() }}

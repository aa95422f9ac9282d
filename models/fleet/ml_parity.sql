{{ ml_monitor.fleet('parity') }}

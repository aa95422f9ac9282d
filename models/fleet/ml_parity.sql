{{ ml_monitor.fleet('parity', part='offline') }}

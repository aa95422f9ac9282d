{{ ml_monitor.fleet('performance', part='labels') }}

{{ ml_monitor.fleet('relations', part='relations') }}

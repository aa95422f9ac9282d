{{ ml_monitor.fleet('attributions') }}

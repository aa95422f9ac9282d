{{ ml_monitor.fleet('attributions', part='attributions') }}

{{ ml_monitor.fleet('checks', where="status in ('warn', 'fail')") }}

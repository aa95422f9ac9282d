{{ ml_monitor.retraining() }}

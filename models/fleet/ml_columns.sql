{{ ml_monitor.columns_view() }}

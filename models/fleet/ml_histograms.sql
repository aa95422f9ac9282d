{{ ml_monitor.histograms_view() }}

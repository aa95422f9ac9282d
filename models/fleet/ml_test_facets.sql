{{ ml_monitor.test_facets_view() }}

{{ ml_monitor.fleet('embeddings', part='embeddings') }}

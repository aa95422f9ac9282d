{{ ml_monitor.fleet('embeddings') }}

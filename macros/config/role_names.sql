{#-
  How roles are guessed by the names of columns, in the order they are asked.

  Returns: list of dicts role, tables (where it is asked), classes (of types that a column may have), names (regular expressions for
    the whole name, in lower case with one `_` between words, best first), most (so many distinct values at most).
-#}
{% macro role_names() %}
    {%- set moment = '(time|timestamp|ts|at|date_?time)' -%}
    {%- set keys, values = ['text', 'numeric'], ['numeric', 'text', 'boolean'] -%}
    {%- do return([
        {'role': 'prediction_id', 'tables': ['inferences', 'labels'], 'classes': keys, 'names': [
            'prediction_id', 'pred_id', '(inference|scoring|score)_id', '(event|row|record)_id', 'id', 'uuid|guid', '.*_(uuid|guid)',
        ]},
        {'role': 'event_time', 'tables': ['inferences'], 'classes': ['timestamp'], 'names': [
            'event_' ~ moment, '(scored|predicted|requested|inferred)_at', '(prediction|scoring|inference|request)_' ~ moment,
            'occurred_at|occurrence_' ~ moment, 'timestamp|ts|time|date_?time', 'created(_at|_time)?', 'at',
        ]},
        {'role': 'label', 'tables': ['labels', 'reference'], 'classes': values, 'names': [
            'label', '(true|final|actual)_label|ground_truth|truth', 'y|y_true|target|outcome|actual', '.*_label|actual_.*|outcome_.*',
            'class|value',
        ]},
        {'role': 'ingest_time', 'tables': ['inferences', 'labels'], 'classes': ['timestamp'], 'names': [
            '(ingest|ingestion|ingested)_' ~ moment,
            '(load|loaded|insert|inserted|stored|written|logged|received|landed|saved|recorded|arrived)_' ~ moment,
            '(.*_)?(ingest|etl|loaded)(_.*)?',
        ]},
        {'role': 'label_time', 'tables': ['labels'], 'classes': ['timestamp'], 'names': [
            'label(l?ed)?_' ~ moment, '(outcome|observation|observed|resolution|resolved|completed|actual)_' ~ moment,
            '(event|occurred)_' ~ moment, 'when|timestamp|ts|time|date_?time|at',
        ]},
        {'role': 'model_version', 'tables': ['inferences', 'reference'], 'classes': keys, 'most': 100, 'names': [
            'model_version', 'version', 'model_(ver|tag|revision|release)', 'model|model_name', 'model_id',
        ]},
        {'role': 'score', 'tables': ['inferences'], 'classes': ['numeric'], 'names': [
            'score', 'model_score|prediction_score|(predicted_)?(probability|prob|proba)', '.*_(score|prob|proba|probability)',
            '(score|prob|proba|probability)_.*', 'confidence|propensity|likelihood',
        ]},
        {'role': 'prediction', 'tables': ['inferences'], 'classes': values, 'names': [
            'prediction', 'predicted|pred|y_hat|yhat|y_pred', '(predicted|prediction|pred)_.*', '.*_(prediction|pred)',
            'decision|forecast|estimate|class|output',
        ]},
        {'role': 'latency_ms', 'tables': ['inferences'], 'classes': ['numeric'], 'names': [
            'latency_ms', '(.*_)?(latency|duration|elapsed|response_time|response|took)_ms', 'latency',
        ]},
        {'role': 'status', 'tables': ['inferences'], 'classes': keys, 'most': 100, 'names': [
            'status', '(.*_)?status(_code)?', 'response_code',
        ]},
        {'role': 'sampling_fraction', 'tables': ['inferences'], 'classes': ['numeric'], 'names': ['(sampling|sample)_fraction']},
        {'role': 'request_id', 'tables': ['inferences'], 'classes': keys, 'names': ['request_id', '(req|call|trace|correlation)_id']},
        {'role': 'entity_id', 'tables': ['inferences'], 'classes': keys, 'names': [
            'entity_id', '(customer|user|account|client|member|patient|subject|device|household|person|employee|driver)_id', '.*_id',
        ]},
    ]) -%}
{% endmacro %}

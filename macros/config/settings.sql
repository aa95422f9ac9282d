{#-
  Every setting: the vars `ml_<name>` of dbt_project.yml, with their defaults and what they may be.
  Returns: dict of name -> key as in monitor_keys.
-#}
{% macro settings() %}
    {%- do return({
        'gate_lookback_hours': {'default': 48, 'type': 'whole', 'min': 1},
        'baseline_days': {'default': 28, 'type': 'whole', 'min': 1},
        'baseline_min_share': {'default': 0.1, 'type': 'number', 'min': 0, 'max': 1, 'allowed': 'a share, 0 to 1'},
        'baseline_max_faulty_share': {'default': 0.05, 'type': 'number', 'min': 0, 'max': 1, 'allowed': 'a share, 0 to 1'},
        'calibrated_windows': {'default': 20, 'type': 'whole', 'min': 0},
        'category_cap': {'default': 100, 'type': 'whole', 'min': 1},
        'segment_cap': {'default': 200, 'type': 'whole', 'min': 1},
        'catch_up_hours': {'default': 36, 'type': 'whole', 'min': 1},
        'label_wave_hours': {'default': 24, 'type': 'whole', 'min': 1},
        'allow_full_refresh': {'default': false, 'type': 'boolean'},
        'renew_grids': {'default': false, 'type': 'boolean'},
        'incident_failures': {'default': 1, 'type': 'whole', 'min': 1},
        'incident_failures_of': {'default': 1, 'type': 'whole', 'min': 1},
        'incident_warnings': {'default': 2, 'type': 'whole', 'min': 1},
        'incident_warnings_of': {'default': 3, 'type': 'whole', 'min': 1},
        'incident_close_share': {'default': 0.9, 'type': 'number', 'above': 0, 'max': 1, 'allowed': 'a share above 0, up to 1'},
        'incident_for_hours': {'default': 0, 'type': 'number', 'min': 0},
        'incident_keep_firing_hours': {'default': 24, 'type': 'number', 'min': 0},
        'incident_cool_down_hours': {'default': 72, 'type': 'number', 'min': 0},
        'incident_stale_hours': {'default': 672, 'type': 'number', 'min': 0},
        'stopped_after_hours': {'default': 26, 'type': 'number', 'above': 0},
        'docs': {'default': 'docs' if project_name == 'ml_monitor' else 'dbt_packages/ml_monitor/docs', 'type': 'text'},
        'summary': {'default': true, 'type': 'boolean'},
        'summary_lines': {'default': 20, 'type': 'whole', 'min': 0},
        'publish_to': {'default': '', 'type': 'text', 'example': 'published.duckdb', 'allowed': 'the path of a file or folder'},
        'publish_format': {'default': 'duckdb', 'type': 'text', 'choices': ['duckdb', 'parquet']},
        'publish_select': {'default': [], 'type': 'list', 'example': '[ml_*]', 'allowed': 'a list of patterns of public models'},
    }) -%}
{% endmacro %}

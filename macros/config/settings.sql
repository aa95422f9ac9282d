{#-
  Every setting: the vars `ml_<name>` of dbt_project.yml, with their defaults and what they may be.
  Returns: dict of name -> key as in monitor_keys.
-#}
{% macro settings() %}
    {%- do return({
        'gate_lookback_hours': {'default': 48, 'type': 'whole', 'min': 1},
        'baseline_days': {'default': 28, 'type': 'whole', 'min': 1},
        'baseline_min_rows': {'default': 500, 'type': 'whole', 'min': 1},
        'baseline_max_faulty_share': {'default': 0.05, 'type': 'number', 'min': 0, 'max': 1, 'allowed': 'a share, 0 to 1'},
        'calibrated_windows': {'default': 20, 'type': 'whole', 'min': 0},
        'category_cap': {'default': 100, 'type': 'whole', 'min': 1},
        'segment_cap': {'default': 200, 'type': 'whole', 'min': 1},
        'catch_up_hours': {'default': 36, 'type': 'whole', 'min': 1},
        'label_wave_hours': {'default': 24, 'type': 'whole', 'min': 1},
        'full_refresh_rows': {'default': 1000000, 'type': 'whole', 'min': 0},
        'allow_full_refresh': {'default': false, 'type': 'boolean'},
        'renew_grids': {'default': false, 'type': 'boolean'},
        'summary': {'default': true, 'type': 'boolean'},
        'summary_lines': {'default': 20, 'type': 'whole', 'min': 0},
    }) -%}
{% endmacro %}

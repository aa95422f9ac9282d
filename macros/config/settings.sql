{#- Every setting with its default, in one place. `name` is one of the keys below; the var `ml_<name>` overrides it. -#}
{% macro setting(name) %}
    {%- set defaults = {
        'gate_lookback_hours': 48,
        'baseline_days': 28,
        'baseline_min_rows': 500,
        'baseline_max_faulty_share': 0.05,
        'calibrated_windows': 20,
        'category_cap': 100,
        'segment_cap': 200,
        'catch_up_hours': 36,
        'label_wave_hours': 24,
        'full_refresh_rows': 1000000,
        'summary': true,
        'summary_lines': 20,
    } -%}
    {%- do return(var('ml_' ~ name, defaults[name])) -%}
{% endmacro %}


{#- What a comparison may be asked against by name, beside the declared golden periods; the training set first. -#}
{% macro named_baselines() %}{% do return(['training', 'serving', 'previous', 'rolling', 'season']) %}{% endmacro %}


{#- True under `dbt build --empty`, when there is nothing to judge. The unit tests override it: dbt runs them then, too. -#}
{% macro is_empty_run() %}
    {%- do return(flags.EMPTY) -%}
{% endmacro %}

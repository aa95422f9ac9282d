{#- Every setting with its default and, of a number, the least and most that it may be, in one place. -#}
{% macro settings() %}
    {%- do return({
        'gate_lookback_hours': [48, 1, none],
        'baseline_days': [28, 1, none],
        'baseline_min_rows': [500, 1, none],
        'baseline_max_faulty_share': [0.05, 0, 1],
        'calibrated_windows': [20, 0, none],
        'category_cap': [100, 1, none],
        'segment_cap': [200, 1, none],
        'catch_up_hours': [36, 1, none],
        'label_wave_hours': [24, 1, none],
        'full_refresh_rows': [1000000, 0, none],
        'allow_full_refresh': [false],
        'renew_grids': [false],
        'summary': [true],
        'summary_lines': [20, 0, none],
    }) -%}
{% endmacro %}


{#- The value of a setting: var `ml_<name>`, else its default. Arguments: name (string, a key of `settings`). -#}
{% macro setting(name) %}{% do return(var('ml_' ~ name, ml_monitor.settings()[name][0])) %}{% endmacro %}


{#- Faults of the vars that set them. Returns: list of dicts as in declaration_faults. -#}
{% macro setting_faults() %}
    {%- set faults = [] -%}
    {%- for name, allowed in ml_monitor.settings().items() -%}
        {%- set value, default = ml_monitor.setting(name), allowed[0] -%}
        {%- set is_share, is_switch = default is float, default is boolean -%}
        {%- set is_number = value is number and value is not boolean and (is_share or value is integer) -%}
        {%- if is_switch and value is not boolean -%}
            {%- set words = 'true, false' -%}
        {%- elif not is_switch and (not is_number or value < allowed[1] or (allowed[2] is not none and value > allowed[2])) -%}
            {%- set words = 'a share, 0 to 1' if is_share else 'a whole number, ' ~ allowed[1] ~ ' or more' -%}
        {%- else -%}
            {%- set words = none -%}
        {%- endif -%}
        {%- if words -%}
            {%- do faults.append({'file': 'dbt_project.yml or --vars', 'key': 'vars.ml_' ~ name, 'found': value, 'allowed': words, 'snippet': 'vars:\n  ml_' ~ name ~ ': ' ~ (default | lower if is_switch else default)}) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- do return(faults) -%}
{% endmacro %}


{#- What a comparison may be asked against by name, beside the declared golden periods; the training set first. -#}
{% macro named_baselines() %}{% do return(['training', 'serving', 'previous', 'rolling', 'season']) %}{% endmacro %}


{#- True under `dbt build --empty`, when there is nothing to judge. The unit tests override it: dbt runs them then, too. -#}
{% macro is_empty_run() %}
    {%- do return(flags.EMPTY) -%}
{% endmacro %}

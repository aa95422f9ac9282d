{#- Faults of the vars that set them. Returns: list of dicts as in declaration_faults. -#}
{% macro setting_faults() %}
    {%- set keys, given = [], {} -%}
    {%- for name, key in ml_monitor.settings().items() -%}
        {%- do keys.append(dict(key, key='ml_' ~ name, example=key.example or key.default | string | lower)) -%}
        {%- if ml_monitor.setting(name) != key.default -%}{%- do given.update({'ml_' ~ name: ml_monitor.setting(name)}) -%}{%- endif -%}
    {%- endfor -%}
    {%- set at = {'file': 'dbt_project.yml or --vars', 'path': 'vars', 'head': 'vars:\n  ', 'tail': ''} -%}
    {%- do return(ml_monitor.key_faults(keys, given, at) + ml_monitor.publish_faults()) -%}
{% endmacro %}

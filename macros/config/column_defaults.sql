{#- The values of the keys that a column does not declare. Returns: dict of key -> default; without keys that some columns only have. -#}
{% macro column_defaults() %}
    {%- set defaults = {} -%}
    {%- for key in ml_monitor.column_keys() if 'default' in key -%}{%- do defaults.update({key.key: key.default}) -%}{%- endfor -%}
    {%- do return(defaults) -%}
{% endmacro %}

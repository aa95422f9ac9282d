{#- inferences, labels, reference or other: by the name, else by which of the telling columns there are. -#}
{% macro suggested_table(stem, columns) %}
    {%- set key = stem.lower() -%}
    {%- if key.startswith('stg_') and '__' in key -%}
        {%- set table = key.split('__')[-1] -%}
        {%- do return(table if table in ['inferences', 'labels', 'reference'] else 'other') -%}
    {%- endif -%}
    {%- set patterns = {
        'labels': 'label|outcome|ground_?truth|actuals',
        'reference': 'reference|training|train_set|baseline',
        'inferences': 'inference|prediction|scoring|scores',
    } -%}
    {%- for table, pattern in patterns.items() if modules.re.search(pattern, key) -%}{%- do return(table) -%}{%- endfor -%}
    {%- set has_time = columns | selectattr('type_class', 'equalto', 'timestamp') | list | length > 0 -%}
    {%- set has_output = ml_monitor.by_name(columns, 'score') or ml_monitor.by_name(columns, 'prediction') -%}
    {%- set has_label = ml_monitor.by_name(columns, 'label') -%}
    {%- if has_time and has_output -%}{%- do return('inferences') -%}{%- endif -%}
    {%- do return('other' if not has_label else 'labels' if has_time else 'reference') -%}
{% endmacro %}

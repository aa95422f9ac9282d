{#- The metrics of the group `join_cardinality`: entries of metric_catalog. Arguments: spec (dict of monitor_spec). -#}
{% macro join_cardinality_catalog(spec) %}
    {%- set join = {
        'model': 'join_cardinality', 'category': 'quality', 'part': 'joins', 'subjects': 'join', 'subject': 'join_name',
        'sample': 'rows_before', 'where': "join_name not in ('labels', 'labels_to_predictions')",
    } -%}
    {%- do return([
        dict(join, metric='join_match_rate', unit='share of rows', value='match_rate', bounds=['low', 'high'],
            description='Share of predictions that find a partner in a declared lookup.',
            detail='{part} of {sample} rows found a partner', rows='not exists (select 1 {partners})'),
        dict(join, metric='join_fan_out', label='join fan-out', unit='rows after per row before', value='fan_out',
            description='Rows of a left join to a declared lookup per prediction; above 1 it multiplies rows.',
            detail='{sample} rows become {part}', rows='(select count(*) {partners}) > 1'),
    ]) -%}
{% endmacro %}

{#- The quality score as an entry of metric_catalog. Arguments: spec (dict of monitor_spec). -#}
{% macro quality_score_catalog(spec) %}
    {%- set ns = namespace(shown=[]) -%}
    {%- for part in ml_monitor.quality_components() -%}{%- set ns.shown = ns.shown + [part ~ ' {' ~ part
        ~ ':3|undefined}'] -%}{%- endfor -%}
    {%- do return([{
        'metric': 'quality_score', 'model': 'quality_score', 'category': 'quality', 'unit': '0 to 1', 'grains': ['hour'],
        'description': 'Weighted mean of freshness, completeness, validity and uniqueness of an hour; 0 if a hard rule is broken.',
        'subjects': 'dataset', 'subject': 'dataset', 'sample': 'logged_rows', 'reason': 'reason',
        'detail': ns.shown | join(', ') ~ '[; hard rule {hard_rule}]',
    }]) -%}
{% endmacro %}

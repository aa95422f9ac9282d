{#- The metrics of <m>__parity, of served and offline features: entries of metric_catalog. Arguments: spec (dict of monitor_spec). -#}
{% macro parity_catalog(spec) %}
    {%- set parity = {
        'model': 'parity', 'category': 'quality', 'unit': 'share of joined rows', 'part': 'offline', 'grains': ['day'],
        'subjects': 'column', 'subject': 'column_name', 'sample': 'joined_rows', 'bounds': ['low', 'high'],
        'reason': "case when joined_rows = 0 then 'no_offline_rows' end",
    } -%}
    {%- do return([
        dict(parity, metric='parity_match_rate', value='match_rate',
            description='Share of joined rows whose served value is exactly the offline value.',
            detail='{matched_rows} of {joined_rows} joined rows are equal'
                ~ '[; median difference {difference_p50:3}, largest {difference_max:3}]'),
        dict(parity, metric='parity_null_difference', value='null_difference',
            description='Share of joined rows that are NULL on one side only.',
            detail='{null_mismatch_rows} of {joined_rows} joined rows; NULL in {serving_null_rows} served and {offline_null_rows} offline'),
        dict(parity, metric='parity_vocabulary_difference', value='vocabulary_difference', where="column_kind = 'categorical'",
            description='Share of joined rows whose category does not occur on the other side that day; the larger of both sides.',
            detail='{serving_only_values} categories only served, {offline_only_values} only offline'),
    ]) -%}
{% endmacro %}

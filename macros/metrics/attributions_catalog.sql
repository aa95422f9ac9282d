{#- The ranking of attributions in <m>__attributions, as an entry of metric_catalog. Arguments: spec (dict of monitor_spec). -#}
{% macro attributions_catalog(spec) %}
    {#- The value is the same on all rows of a day and version: the first column's row stands for them. -#}
    {%- set first = (spec.inferences | selectattr('role', 'equalto', 'attribution') | map(attribute='name') | list + [''])[0] -%}
    {%- do return([{
        'metric': 'attribution_ndcg', 'label': 'NDCG of the attributions', 'category': 'drift', 'unit': '0 to 1', 'model': 'attributions',
        'part': 'attributions', 'grains': ['day'], 'against': 'serving', 'sample': 'ranked_rows', 'reason': 'ndcg_reason',
        'description': 'How well the features keep their order by mean absolute attribution, against the serving baseline of the version.',
        'where': 'column_name = ' ~ ml_monitor.string_literal(first) ~ " and model_version <> '__all__'",
        'significant': 'coalesce(1 - attribution_ndcg > ndcg_noise, false)', 'detail': '[{most_moved}]',
        'warn_only': 'is_in_baseline or baseline_windows < ' ~ spec.settings.calibrated_windows,
    }]) -%}
{% endmacro %}

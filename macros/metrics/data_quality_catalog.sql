{#- The metrics of <m>__data_quality: entries of metric_catalog. Arguments: spec (dict of monitor_spec). -#}
{% macro data_quality_catalog(spec) %}
    {%- set conditions, bounds = ml_monitor.row_conditions(), ml_monitor.bounded_rates() -%}
    {%- set of_columns = "column_role not in ('" ~ (ml_monitor.rule_roles() + ['ingest_lag', 'proxy']) | join("', '") ~ "')" -%}
    {%- set column = {
        'model': 'data_quality', 'category': 'quality', 'subjects': 'column', 'subject': 'column_name',
        'where': of_columns,
    } -%}
    {%- set values = dict(column, sample='value_count') -%}
    {%- set no_values = "case when value_count = 0 then 'insufficient_sample' end" -%}
    {%- set ns = namespace(metrics=[]) -%}
    {%- for name, what in {
        'null': 'NULLs', 'nan': 'NaNs', 'infinite': 'infinite values', 'empty': 'texts of nothing but blanks', 'zero': 'zeros',
        'nonzero': 'values that are not zero, of sparse features', 'default': 'the declared default value',
        'invalid': 'values outside the declared range, accepted values or pattern', 'clipped': 'values at a declared limit',
        'numeric_text': 'unseen texts that are numbers', 'outside_reference': 'numbers outside the range of the reference',
        'unseen': 'values that are not in the grid',
    }.items() -%}
        {%- set ns.metrics = ns.metrics + [dict(column, metric=name ~ '_rate', unit='share of rows',
            category='contract' if name == 'numeric_text' else 'quality', description='Share of ' ~ what ~ '.',
            bounds=bounds[name], rows=conditions[name], detail='{part} of {sample} rows')] -%}
    {%- endfor -%}
    {%- for metric, label, role, what in [
        ['rule_violation_rate', 'violation rate', 'rule', 'break a declared rule'],
        ['late_feature_rate', 'late feature rate', 'feature_time', 'have a feature that is younger than the prediction'],
    ] -%}
        {%- set ns.metrics = ns.metrics + [dict(values, metric=metric, label=label, unit='share of rows',
            description='Share of rows that ' ~ what ~ ', of those that can be told.',
            value=ml_monitor.ratio('invalid_count', 'value_count'),
            low=ml_monitor.wilson('invalid_count', 'value_count', 'low'), high=ml_monitor.wilson('invalid_count', 'value_count', 'high'),
            where="column_role = '" ~ role ~ "'", reason=no_values, detail='{invalid_count} of {row_count} rows', rows='{broken}')] -%}
    {%- endfor -%}
    {%- for name, what in {'p1': '1st percentile', 'p50': 'Median', 'p99': '99th percentile'}.items() -%}
        {%- set ns.metrics = ns.metrics + [dict(values, metric=name, unit='unit of the column', reason=no_values,
            description=what ~ ' of a number, from cells.',
            where=of_columns ~ " and column_kind = 'numeric' and segment_name = '__all__'")] -%}
    {%- endfor -%}
    {%- do return(ns.metrics + [
        dict(values, metric='top_value_share', unit='share of values', rows=conditions.top_value,
            description='Share of the most frequent value: of a category, or of a number that is an edge of the grid.'),
        dict(values, metric='distinct_count', label='distinct values', unit='values',
            description='Distinct values of a column that declares exact_distinct.',
            where="distinct_count is not null and segment_name = '__all__'"),
        dict(column, metric='label_association', label='association with the label', unit='0 to 1', part='reference', grains=['day'],
            description='How well a feature of the training set alone tells the label: 0 is not at all, 1 is completely.',
            sample='label_association_rows', where='label_association_rows is not null', detail='alone, in the training set'),
        dict(column, metric='label_like_name', label='name like the label', unit='0 or 1', grains=['day'], sample='1',
            description='1 if the name of a feature is that of the label, or contains it.', where='label_like_name is not null'),
    ]) -%}
{% endmacro %}

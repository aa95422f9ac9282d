{#-
  Every metric that a policy can judge. The entries of a table stand in `<table>_catalog.sql`, beside the macro that computes the table;
  here they are collected and get their defaults.

  Returns: list of dicts, with the default in brackets
    metric, label       its name in policies, and in messages [the name with blanks]
    category            the gate it belongs to: contract, freshness, volume, quality, drift, performance
    unit, description   for the docs
    model               the table of the monitor that has it: <m>__<model>, or a group of <m>__window_metrics
    part                the part of the monitor it needs (`labels`, `joins`, `counts`, ...) [none]
    missing             the task that it needs, where that of the monitor is another one [none]
    grains, against     window grains it exists for [hour, day], and the baseline it is compared with [none]
    comparisons         list of [grain, baseline] that a policy may name [each of grains with against]
    baseline            SQL: the baseline of a row [the text of against]
    subjects, subject   what it speaks of: column, segment, pair, join, dataset or rows [rows], and SQL: which one [`__rows__`]
    value               SQL [the column named as the metric]
    bounds              list of low and high: the sides on which an interval must clear a limit [none: the value itself decides]
    low, high           SQL: that interval [the column <value>_low, <value>_high for each of bounds]
    significant         SQL: evidence beyond noise, needed for any verdict [true: the interval decides]
    sample              SQL: rows behind the value [row_count]
    reason              SQL: why it cannot be judged, NULL if it can [NULL]
    warn_only           SQL: a verdict is at most warn [false]
    available_at        SQL: the earliest moment it could be judged [window_end]
    where               SQL: rows of the table it exists for [all]
    detail              what a person should look at first, a template, see detail_text ['']
    rows                condition of the rows it speaks of, for rows_query: a text, or one for `numeric`, `categorical` or `vector` columns;
                        none if it speaks of no rows [none]. In it {column} is the column, {invalid} and {default} its declared conditions,
                        see row_conditions; {broken} is a rule's breach and {partners} `from` and `where` of a join
    rows_state          state of these rows [current]
-#}
{% macro metric_catalog(spec) %}
    {%- set no_number = ml_monitor.float64('null') -%}
    {%- set plain = {
        'part': none, 'missing': none, 'grains': ['hour', 'day'], 'against': 'none', 'subjects': 'rows', 'subject': "'__rows__'",
        'bounds': [],
        'significant': 'true', 'sample': 'row_count', 'reason': 'cast(null as ' ~ ml_monitor.text_type() ~ ')', 'warn_only': 'false',
        'available_at': 'window_end', 'where': none, 'detail': '', 'rows': none, 'rows_state': 'current',
    } -%}
    {%- set ns = namespace(metrics=[]) -%}
    {#- Each is called by its name: dbt finds what a model or a test depends on by reading the calls. -#}
    {%- for entry in ml_monitor.volume_catalog(spec) + ml_monitor.freshness_catalog(spec) + ml_monitor.join_cardinality_catalog(spec)
        + ml_monitor.reconciliation_catalog(spec) + ml_monitor.quality_score_catalog(spec) + ml_monitor.data_quality_catalog(spec)
        + ml_monitor.drift_catalog(spec) + ml_monitor.performance_catalog(spec) + ml_monitor.parity_catalog(spec)
        + ml_monitor.relations_catalog(spec) + ml_monitor.embeddings_catalog(spec) + ml_monitor.attributions_catalog(spec) -%}
        {%- set metric = dict(plain, **entry) -%}
        {%- set value = entry.value or entry.metric -%}
        {%- set grains = "window_grain in ('" ~ metric.grains | join("', '") ~ "')" -%}
        {%- set compared = namespace(pairs=[]) -%}
        {%- for grain in metric.grains -%}{%- set compared.pairs = compared.pairs + [[grain, metric.against]] -%}{%- endfor -%}
        {%- set ns.metrics = ns.metrics + [dict({
            'label': entry.metric.replace('_', ' '), 'value': value,
            'baseline': "'" ~ metric.against ~ "'", 'comparisons': compared.pairs,
            'low': value ~ '_low' if 'low' in metric.bounds else no_number,
            'high': value ~ '_high' if 'high' in metric.bounds else no_number,
        }, **dict(metric, where=grains ~ ' and ' ~ metric.where if metric.where else grains))] -%}
    {%- endfor -%}
    {%- do return(ns.metrics) -%}
{% endmacro %}

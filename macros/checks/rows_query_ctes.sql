{#-
  What rows_query of <m>__checks is made of: for every metric that speaks of rows (`rows` in metric_catalog) the condition of these
  rows, and for every subject what the placeholders in it stand for.

  Arguments: spec (dict of monitor_spec), metrics (list: entries of metric_catalog).
  CTEs:
    rows_conditions   metric, subjects (column, join or rows), kind (numeric, categorical, vector, or any), row_state, condition,
                      counted_in (relation that its segments are counted in; empty if it cannot say which
                      values it counts by themselves), counted_window (SQL: the window of a log row there)
    rows_subjects     subjects, subject (column, rule, join, or `__rows__`), kind, and what {column}, {logged}, {text}, {logged_text},
                      {last_edge}, {invalid}, {clipped}, {default} and {partners} (`from` and `where` of the other table) stand for
    rows_queries      one row per metric and subject, with the condition of its rows
-#}
{% macro rows_query_ctes(spec, metrics) -%}
{%- set log, grid = ml_monitor.relation_name_of(spec.name ~ '__inferences_log'), ml_monitor.relation_name_of(spec.name ~ '__grid') %}
{%- set placeholders = ['column', 'logged', 'text', 'logged_text', 'last_edge', 'invalid', 'clipped', 'default', 'partners'] %}
{%- set ns = namespace(conditions=[], columns=[], replaced=[]) %}
{%- for metric in metrics if metric.rows %}
    {%- set rollup = {'data_quality': 'hourly_profile', 'performance_metrics': 'hourly_outcomes'}.get(metric.model, 'hourly_volume') %}
    {#- A day that is kept as one no longer knows which values its hours counted by themselves. #}
    {%- set is_folded = rollup == 'hourly_outcomes' and spec.hourly_retention_days is not none %}
    {%- set rollup_window = ml_monitor.truncate('day', 'log.ml_event_hour') if rollup == 'hourly_profile' else 'log.ml_event_hour' %}
    {%- for kind, condition in ({'any': metric.rows} if metric.rows is string else metric.rows).items() %}
        {%- set condition = condition.replace('{broken}', '{invalid}').replace('{grid}', grid).replace('{log}', log) %}
        {%- set ns.conditions = ns.conditions + [[metric.metric, metric.subjects, kind, metric.rows_state,
            '' if is_folded else ml_monitor.relation_name_of(spec.name ~ '__' ~ rollup), rollup_window, condition]] %}
    {%- endfor %}
{%- endfor %}
{%- set ns.replaced = ["'{name}', '''' || replace(subject, '''', '''''') || ''''),"] %}
{%- for name in placeholders %}
    {%- set ns.columns = ns.columns + [name ~ '_text'] %}
    {%- set ns.replaced = ns.replaced + ["'{" ~ name ~ "}', " ~ name ~ '_text)' ~ (',' if not loop.last else '')] %}
{%- endfor -%}
rows_conditions as (

    {{ ml_monitor.text_rows(
        ['metric', 'subjects', 'kind', 'row_state', 'counted_in', 'counted_window', 'condition'], ns.conditions
    ) }}

),

rows_subjects as (

    {{ ml_monitor.text_rows(
        ['subjects', 'subject', 'subject_kind'] + ns.columns, ml_monitor.rows_subjects(spec)
    ) }}

),

rows_queries {{ ml_monitor.as_materialized() }} (

    select
        metric as rows_metric,
        subject as rows_subject,
        row_state,
        counted_in,
        counted_window,
        {{ 'replace(' * (placeholders | length + 1) }}condition, {{ ml_monitor.packed(ns.replaced, ' ') | indent(12) }} as condition
    from rows_conditions
    inner join rows_subjects
        on rows_conditions.subjects = rows_subjects.subjects and rows_conditions.kind in ('any', rows_subjects.subject_kind)

),
{%- endmacro %}


{#- Texts as rows of a query. Arguments: columns (list of names), rows (list of lists of strings). Returns: a select. -#}
{% macro text_rows(columns, rows) %}
    {%- set ns = namespace(rows=[]) -%}
    {%- for row in rows -%}
        {%- set literals = namespace(row=[]) -%}
        {%- for value in row -%}{%- set literals.row = literals.row + [ml_monitor.string_literal(value)] -%}{%- endfor -%}
        {%- set ns.rows = ns.rows + [literals.row] -%}
    {%- endfor -%}
    {{- ml_monitor.values_list(columns, ns.rows) -}}
{% endmacro %}


{#- The rows of the CTE rows_subjects, see rows_query_ctes. Arguments: spec. Returns: list of lists of strings. -#}
{% macro rows_subjects(spec) %}
    {%- set none_of_column = ['', '', '', '', '', 'false', 'false', 'false'] -%}
    {%- set ns = namespace(rows=[['rows', '__rows__', 'any'] + none_of_column + [ml_monitor.label_partners(spec)]]) -%}
    {%- for column in ml_monitor.monitored_columns(spec) -%}
        {%- set x = column.sql if column.expression else column.source_sql -%}
        {%- set is_number = column.kind == 'numeric' -%}
        {%- set logged = x if column.expression else ml_monitor.monitored_value(column, 'log.') -%}
        {%- set text = '' if is_number else ml_monitor.value_text(x, column.data_type, column.classes) -%}
        {%- set logged_text = '' if is_number else ml_monitor.value_text(logged, column.data_type, column.classes) -%}
        {%- set default = column.default_value -%}
        {%- set value = ml_monitor.number_or_null(default) if is_number else ml_monitor.string_literal(default) -%}
        {%- if column.role in ml_monitor.rule_roles() -%}
            {%- set invalid = '(' ~ column.expression ~ ") = 'broken'" -%}
        {%- elif is_number -%}
            {%- set invalid = ml_monitor.is_outside(x, column.min, column.max) -%}
        {%- else -%}
            {%- set invalid = ml_monitor.is_unaccepted(text, column) -%}
        {%- endif -%}
        {%- set ns.rows = ns.rows + [[
            'column', column.name, column.kind, x, logged, text, logged_text, 'edge_' ~ '%02d' % (column.edges - 1), invalid or 'false',
            (ml_monitor.is_clipped(x, column.min, column.max) if is_number else none) or 'false',
            (x if is_number else text) ~ ' = ' ~ value if default is not none else 'false', '',
        ]] -%}
    {%- endfor -%}
    {%- for column in spec.inferences if column.role == 'embedding' and column.dimensions -%}
        {%- set invalid = ml_monitor.vector_state(column.sql, column.dimensions) ~ ' < -1' -%}
        {%- set ns.rows = ns.rows + [['column', column.name, 'vector', column.sql, '', '', '', '', invalid, 'false', 'false', '']] -%}
    {%- endfor -%}
    {%- for join in spec.joins -%}
        {%- set pairs = [] -%}
        {%- for own, other in join.on -%}{%- do pairs.append('partner.' ~ other ~ ' = log.' ~ own) -%}{%- endfor -%}
        {%- set relation = ml_monitor.relation_name_of('stg_' ~ spec.name ~ '__' ~ join.name) -%}
        {%- set partners = 'from ' ~ relation ~ ' as partner where ' ~ pairs | join(' and ') -%}
        {%- set ns.rows = ns.rows + [['join', join.name, 'any'] + none_of_column + [partners]] -%}
    {%- endfor -%}
    {%- do return(ns.rows) -%}
{% endmacro %}


{#- `from` and `where` of the labels of a log row; a monitor without labels has none. -#}
{% macro label_partners(spec) %}
    {%- if not ml_monitor.has_part(spec.name, 'labels') -%}{%- do return('') -%}{%- endif -%}
    {%- do return('from ' ~ ml_monitor.relation_name_of(spec.name ~ '__labels') ~ ' as partner where partner.'
        ~ ml_monitor.role_column(spec.labels, 'prediction_id') ~ ' = log.' ~ ml_monitor.role_column(spec.inferences, 'prediction_id')) -%}
{% endmacro %}

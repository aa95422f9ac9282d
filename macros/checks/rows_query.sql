{#-
  What rows_query of <m>__checks is made of: for every metric that speaks of rows (`rows` in metric_catalog) the condition of these
  rows, and for every subject what the placeholders in it stand for.

  Arguments: spec (dict of monitor_spec), metrics (list: entries of metric_catalog).
  CTEs:
    rows_conditions   metric, subjects (column, join or rows), column_kind (numeric, categorical, or any), row_state, condition,
                      rollup (relation that its segments are counted in; empty if it cannot say which
                      values it counts by themselves), rollup_window (SQL: the window of a log row there)
    rows_subjects     subjects, subject (column, rule, join, or `__rows__`), column_kind (or vector), column_sql, logged_sql, last_edge, invalid_condition,
                      clipped_condition, default_condition, partners (`from` and `where` of the other table)
    rows_queries      the two joined, one row per metric and subject
-#}
{% macro rows_query_ctes(spec, metrics) -%}
rows_conditions (metric, subjects, column_kind, row_state, condition, rollup, rollup_window) as (
    {% for metric in metrics if metric.rows -%}
    {%- set rollup = {'data_quality': 'hourly_profile', 'performance': 'hourly_outcomes'}.get(metric.model, 'hourly_volume') -%}
    {#- A day that is kept as one no longer knows which values its hours counted by themselves. #}
    {%- set is_folded = rollup == 'hourly_outcomes' and spec.hourly_retention_days is not none -%}
    {%- set rollup_window = ml_monitor.truncate('day', 'log.ml_event_hour') if rollup == 'hourly_profile' else 'log.ml_event_hour' -%}
    {%- for kind, condition in ({'any': metric.rows} if metric.rows is string else metric.rows).items() %}
    select {{ ml_monitor.string_list([metric.metric, metric.subjects, kind, metric.rows_state, condition, '' if is_folded else ml_monitor.relation_name_of(spec.name ~ '__' ~ rollup), rollup_window]) }}
    union all
    {%- endfor %}
    {%- endfor %}
    select 'none', 'rows', 'any', 'current', 'false', 'none', 'none'

),

rows_subjects (subjects, subject, column_kind, column_sql, logged_sql, last_edge, invalid_condition, clipped_condition, default_condition, partners) as (

    select {{ ml_monitor.string_list(['rows', '__rows__', 'any', '', '', '', 'false', 'false', 'false', ml_monitor.label_partners(spec)]) }}
    {%- for column in ml_monitor.monitored_columns(spec) %}
    {%- set x = column.sql if column.expression else column.source_sql %}
    {%- set value = ml_monitor.string_literal(column.default_value) if column.kind == 'categorical' else ml_monitor.number_or_null(column.default_value) %}
    {%- if column.role in ml_monitor.rule_roles() -%}
        {%- set invalid = '(' ~ column.expression ~ ") = 'broken'" -%}
    {%- elif column.kind == 'numeric' -%}
        {%- set invalid = ml_monitor.is_outside(x, column.min, column.max) -%}
    {%- else -%}
        {%- set invalid = ml_monitor.is_unaccepted('cast(' ~ x ~ ' as ' ~ ml_monitor.text_type() ~ ')', column) -%}
    {%- endif %}
    union all
    select {{ ml_monitor.string_list(['column', column.name, column.kind, x, x if column.expression else ml_monitor.monitored_value(column, 'log.'), 'edge_' ~ '%02d' % (column.edges - 1), invalid or 'false', (ml_monitor.is_clipped(x, column.min, column.max) if column.kind == 'numeric' else none) or 'false', x ~ ' = ' ~ value if column.default_value is not none else 'false', '']) }}
    {%- endfor %}
    {%- for column in spec.inferences if column.role == 'embedding' and column.dimensions %}
    union all
    select {{ ml_monitor.string_list(['column', column.name, 'vector', column.sql, '', '', ml_monitor.vector_state(column.sql, column.dimensions) ~ ' < -1', 'false', 'false', '']) }}
    {%- endfor %}
    {%- for join in spec.joins %}
    {%- set pairs = [] -%}
    {%- for own, other in join.on -%}{%- do pairs.append('partner.' ~ other ~ ' = log.' ~ own) -%}{%- endfor %}
    union all
    select {{ ml_monitor.string_list(['join', join.name, 'any', '', '', '', 'false', 'false', 'false', 'from ' ~ ml_monitor.relation_name_of('stg_' ~ spec.name ~ '__' ~ join.name) ~ ' as partner where ' ~ pairs | join(' and ')]) }}
    {%- endfor %}

),

rows_queries as (

    select
        rows_conditions.metric,
        rows_subjects.subject,
        rows_conditions.row_state,
        rows_conditions.condition,
        rows_conditions.rollup,
        rows_conditions.rollup_window,
        rows_subjects.column_sql,
        rows_subjects.logged_sql,
        rows_subjects.last_edge,
        rows_subjects.invalid_condition,
        rows_subjects.clipped_condition,
        rows_subjects.default_condition,
        rows_subjects.partners
    from rows_conditions
    inner join rows_subjects
        on rows_conditions.subjects = rows_subjects.subjects and rows_conditions.column_kind in ('any', rows_subjects.column_kind)

),
{%- endmacro %}


{#- `from` and `where` of the labels of a log row; a monitor without labels has none. -#}
{% macro label_partners(spec) %}
    {%- if not ml_monitor.has_part(spec.name, 'labels') -%}{%- do return('') -%}{%- endif -%}
    {%- do return('from ' ~ ml_monitor.relation_name_of(spec.name ~ '__labels') ~ ' as partner where partner.' ~ ml_monitor.role_column(spec.labels, 'prediction_id')
        ~ ' = log.' ~ ml_monitor.role_column(spec.inferences, 'prediction_id')) -%}
{% endmacro %}


{#-
  The query of a check's rows, as SQL text: every row of the log that was counted, with all its columns; NULL if the metric speaks of no rows.
  Arguments: spec; the check's columns must be in scope as metric, window_start, window_end, segment_name, segment_value,
    model_version, and the CTE rows_queries.
-#}
{% macro rows_query(spec) -%}
{%- set log = ml_monitor.relation_name_of(spec.name ~ '__inferences_log') -%}
{%- set text = ml_monitor.text_type() -%}
{%- set scope -%}
'log.ml_event_hour >= cast(''' || cast(window_start as {{ text }}) || ''' as timestamp) and log.ml_event_hour < cast(''' || cast(window_end as {{ text }}) || ''' as timestamp)'
            || ' and log.ml_row_state = ''' || rows_queries.row_state || ''''
            {%- if spec.segments %}
            || case segment_name
                {%- for segment in spec.segments %}
                {%- set named = ml_monitor.segment_value(ml_monitor.segment_text(spec, segment)) %}
                when {{ ml_monitor.string_literal(segment) }} then
                    {#- The rest of a segment: rows whose value its window does not count by itself. #}
                    case when segment_value = '__other__'
                        then ' and not exists (select 1 from ' || nullif(rows_queries.rollup, '') || ' as kept where kept.window_start = ' || rows_queries.rollup_window
                            || {{ ml_monitor.string_literal(' and kept.segment_name = ' ~ ml_monitor.string_literal(segment) ~ ' and kept.segment_value = ' ~ named ~ ')') }}
                        else {{ ml_monitor.string_literal(' and ' ~ named ~ ' = ') }} || '''' || replace(segment_value, '''', '''''') || ''''
                    end
                {%- endfor %}
                else ''
            end
            {%- endif %}
            || case when model_version = '__all__' then '' else {{ ml_monitor.string_literal(' and ' ~ ml_monitor.version_name(spec, ml_monitor.logged_version(spec)) ~ ' = ') }}
                || '''' || replace(model_version, '''', '''''') || '''' end
{%- endset -%}
{%- set ns = namespace(condition='rows_queries.condition') -%}
{%- for placeholder, value in {
    '{column}': 'rows_queries.column_sql',
    '{logged}': 'rows_queries.logged_sql',
    '{invalid}': 'rows_queries.invalid_condition',
    '{broken}': 'rows_queries.invalid_condition',
    '{clipped}': 'rows_queries.clipped_condition',
    '{default}': 'rows_queries.default_condition',
    '{last_edge}': 'rows_queries.last_edge',
    '{partners}': 'rows_queries.partners',
    '{name}': "'''' || replace(rows_queries.subject, '''', '''''') || ''''",
    '{grid}': ml_monitor.string_literal(ml_monitor.relation_name_of(spec.name ~ '__grid')),
    '{log}': ml_monitor.string_literal(log),
}.items() -%}
    {%- set ns.condition = 'replace(' ~ ns.condition ~ ", '" ~ placeholder ~ "', " ~ value ~ ')' -%}
{%- endfor -%}
replace(
                'select log.* from {{ log }} as log where {scope} and (' || {{ ns.condition }} || ')',
                '{scope}',
                {{ scope | indent(4) }}
            )
{%- endmacro %}


{#- The name of a model's relation as SQL writes it, without depending on it: for SQL that people run later. -#}
{% macro relation_name_of(model_name) %}
    {%- set node = ml_monitor.model_node(model_name) -%}
    {%- do return(node.relation_name if node and node.relation_name else model_name) -%}
{% endmacro %}

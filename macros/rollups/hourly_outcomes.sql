{#-
  Model <m>__hourly_outcomes: predictions by the hour they were made in, with the outcomes known so far. A label changes
  the hour of its prediction, however late it comes.

  Arguments: monitor (string).
  Columns: window_grain (hour), window_start (UTC), model_version, segment_name, segment_value, score_slot, score_cell
    (0 for segments and where no score is logged), prediction (class, or null for regression), label (class,
    `__unlabelled__`, or `__labelled__` for regression), row_count, labelled_count, error_sum, absolute_error_sum,
    squared_error_sum (label minus prediction, in units of the label, regression only), rebuild_key, declaration_hash,
    ml_batch, labels_batch (newest batches seen of either log)
-#}
{% macro hourly_outcomes(monitor) %}
    {{- config(materialized='incremental', incremental_strategy='delete+insert', unique_key='rebuild_key', on_schema_change='append_new_columns', sql_header=ml_monitor.planner_settings()) -}}
    {%- set spec = ml_monitor.monitor_spec(monitor) -%}
    {%- set log = ref(monitor ~ '__inferences_log') -%}
    {%- set labels_log = ref(monitor ~ '__labels_log') -%}
    {%- set grid = ref(monitor ~ '__grid') -%}
    {%- set prediction_id = ml_monitor.role_column(spec.inferences, 'prediction_id') -%}
    {%- set label_id = ml_monitor.role_column(spec.labels, 'prediction_id') -%}
    {%- set label = ml_monitor.role_column(spec.labels, 'label') -%}
    {%- set score = ml_monitor.role_column(spec.inferences, 'score') -%}
    {%- set score_name = (spec.inferences | selectattr('role', 'equalto', 'score') | map(attribute='name') | list + [''])[0] -%}
    {%- set is_regression = spec.task == 'regression' -%}
    {%- set text = dbt.type_string() -%}
-- ml_monitor.hourly_outcomes('{{ monitor }}')
with

touched_hours as (

    {% if is_incremental() -%}
    select ml_event_hour as hour
    from {{ log }}
    where ml_batch > (select coalesce(max(ml_batch), 0) from {{ this }})
    union
    select log.ml_event_hour as hour
    from {{ ml_monitor.aliased(log, 'log') }}
    inner join {{ ml_monitor.aliased(labels_log, 'labels_log') }} on log.ml_key_hash = labels_log.ml_key_hash and log.{{ prediction_id }} = labels_log.{{ label_id }}
    where labels_log.ml_batch > (select coalesce(max(labels_batch), 0) from {{ this }})
    union
    select window_start as hour from {{ this }} where declaration_hash <> '{{ spec.declaration_hash }}'
    {%- else -%}
    select distinct ml_event_hour as hour from {{ log }}
    {%- endif %}

),

predictions as (

    select
        log.ml_event_hour as window_start,
        {{ ml_monitor.logged_version(spec) }} as model_version,
        {%- for segment in spec.segments %}
        cast(log.{{ ml_monitor.sql_name(spec, segment) }} as {{ text }}) as segment_{{ loop.index }},
        {%- endfor %}
        {%- if score %}
        {{ ml_monitor.float64('log.' ~ score) }} as score,
        {%- endif %}
        {% if is_regression -%}
        cast(null as {{ text }}) as prediction,
        case when labels.{{ label_id }} is null then '__unlabelled__' else '__labelled__' end as label,
        {{ ml_monitor.float64('labels.' ~ label) }} - {{ ml_monitor.float64('log.' ~ ml_monitor.role_column(spec.inferences, 'prediction')) }} as error
        {%- else -%}
        {{ ml_monitor.category('cast(' ~ ml_monitor.predicted_class(spec) ~ ' as ' ~ text ~ ')') }} as prediction,
        coalesce({{ ml_monitor.category('cast(labels.' ~ label ~ ' as ' ~ text ~ ')') }}, '__unlabelled__') as label,
        {{ ml_monitor.float64('null') }} as error
        {%- endif %}
    from {{ ml_monitor.aliased(log, 'log') }}
    left join {{ ml_monitor.aliased(labels_log, 'labels') }}
        on
            log.ml_key_hash = labels.ml_key_hash
            and log.{{ prediction_id }} = labels.{{ label_id }}
            and labels.ml_row_state = 'current'
    where
        log.ml_row_state = 'current'
        {%- if is_incremental() %}
        and log.ml_event_hour in (select hour from touched_hours)
        {%- endif %}

),

placed as (

    select
        predictions.*,
        {%- if score %}
        {{ ml_monitor.numeric_slot('predictions.score', 'grid', 20) }} as score_slot,
        {{ ml_monitor.numeric_cell(ml_monitor.standardised('predictions.score', 'grid.center', 'grid.scale'), 2048) }} as score_cell
    from predictions
    left join {{ ml_monitor.aliased(grid, 'grid') }} on grid.column_name = {{ ml_monitor.string_literal(score_name) }}
        {%- else %}
        0 as score_slot,
        0 as score_cell
    from predictions
        {%- endif %}

),

counted as (
    {% for k in range(spec.segments | length + 1) %}
    select
        window_start,
        {{ ml_monitor.version_name(spec, 'model_version') }} as model_version,
        {{ ml_monitor.string_literal(spec.segments[k - 1]) if k else "'__all__'" }} as segment_name,
        {{ ml_monitor.segment_value('segment_' ~ k) if k else "'__all__'" }} as segment_value,
        {{ '0' if k else 'score_slot' }} as score_slot,
        {{ '0' if k else 'score_cell' }} as score_cell,
        prediction,
        label,
        count(*) as row_count,
        sum(case when label = '__unlabelled__' then 0 else 1 end) as labelled_count,
        sum(error) as error_sum,
        sum(abs(error)) as absolute_error_sum,
        sum(error * error) as squared_error_sum
    from placed
    group by window_start, model_version, {{ 'segment_' ~ k if k else 'score_slot, score_cell' }}, prediction, label
    union all
    {%- endfor %}
    select
        hour as window_start,
        '__all__' as model_version,
        '__all__' as segment_name,
        '__all__' as segment_value,
        0 as score_slot,
        0 as score_cell,
        null as prediction,
        '__none__' as label,
        0 as row_count,
        0 as labelled_count,
        null as error_sum,
        null as absolute_error_sum,
        null as squared_error_sum
    from touched_hours

),

newest as (

    select
        (select coalesce(max(ml_batch), 0) from {{ log }}) as ml_batch,
        (select coalesce(max(ml_batch), 0) from {{ labels_log }}) as labels_batch

),

final as (

    select
        cast('hour' as {{ text }}) as window_grain,
        counted.window_start,
        {%- for name in ['model_version', 'segment_name', 'segment_value'] %}
        cast(counted.{{ name }} as {{ text }}) as {{ name }},
        {%- endfor %}
        counted.score_slot,
        counted.score_cell,
        cast(counted.prediction as {{ text }}) as prediction,
        cast(counted.label as {{ text }}) as label,
        cast(counted.row_count as bigint) as row_count,
        cast(counted.labelled_count as bigint) as labelled_count,
        {%- for name in ['error_sum', 'absolute_error_sum', 'squared_error_sum'] %}
        {{ ml_monitor.float64('coalesce(counted.' ~ name ~ ', 0)') }} as {{ name }},
        {%- endfor %}
        {{ ml_monitor.window_key("'hour'", 'counted.window_start') }} as rebuild_key,
        cast('{{ spec.declaration_hash }}' as {{ text }}) as declaration_hash,
        cast((select ml_batch from newest) as bigint) as ml_batch,
        cast((select labels_batch from newest) as bigint) as labels_batch
    from counted

)

select * from final
{% endmacro %}


{#- The predicted class of a log row (alias `log`): as logged, else the score against the declared threshold. -#}
{% macro predicted_class(spec) %}
    {%- set prediction = ml_monitor.role_column(spec.inferences, 'prediction') -%}
    {%- do return('log.' ~ prediction if prediction else 'case when log.' ~ ml_monitor.role_column(spec.inferences, 'score')
        ~ ' >= ' ~ ml_monitor.float64(spec.positive_threshold) ~ ' then 1 else 0 end') -%}
{% endmacro %}

{#-
  AUC and average precision of each day from single rows, where those of ml_performance are from score cells: no ties but equal scores.
  It reads the curated rows of the period: give one.

  Arguments: monitor (string: binary, with a score), period (dict: from (inclusive), until (exclusive), UTC times as text, and
    model_version).
  Returns: a select of one row per day: window_start, positive_rows, negative_rows, auc, auc_error (standard error), average_precision; NULL
    where undefined.
  Raises: as compare, and a monitor without a score.
  Source: scikit-learn (roc_auc_score, average_precision_score); DeLong, DeLong and Clarke-Pearson (1988).
  Example: {{ '{{ ml_monitor.exact_ranking(\'flight_delay\', {\'from\': \'2013-07-01\', \'until\': \'2013-07-08\'}) }}' }}
-#}
{% macro exact_ranking(monitor, period={}) -%}
{%- set spec = ml_monitor.monitor_spec(monitor) -%}
{%- do ml_monitor.check_periods(spec, {'current': period}) -%}
{%- do ml_monitor.check_ranked(spec, 'exact_ranking') -%}
{%- set label_type = (spec.labels | selectattr('role', 'equalto', 'label') | map(attribute='data_type') | list + [''])[0] -%}
{%- set label = 'labels.' ~ ml_monitor.role_column(spec.labels, 'label') -%}
{%- set prediction_id = ml_monitor.role_column(spec.inferences, 'prediction_id') -%}
{%- set label_id = ml_monitor.role_column(spec.labels, 'prediction_id') -%}
{%- set event_time = 'log.' ~ ml_monitor.role_column(spec.inferences, 'event_time') -%}
-- ml_monitor.exact_ranking('{{ monitor }}')
with

scored as (

    select
        {{ event_time }} as window_start,
        {{ ml_monitor.version_name(spec, ml_monitor.logged_version(spec)) }} as model_version,
        {{ ml_monitor.float64(ml_monitor.role_value(spec.inferences, 'score', 'log.')) }} as score,
        {{ ml_monitor.category(ml_monitor.value_text(label, label_type, ml_monitor.outcome_classes(spec))) }} as label
    from {{ ml_monitor.aliased(ref(monitor ~ '__inferences'), 'log') }}
    inner join {{ ml_monitor.aliased(ref(monitor ~ '__labels'), 'labels') }}
        on log.{{ prediction_id }} = labels.{{ label_id }}

),

score_counts as (

    select
        {{ ml_monitor.truncate('day', 'window_start') }} as day,
        0 as slot,
        score as cell,
        {{ ml_monitor.float64("sum(case label when '1' then 1 else 0 end)") }} as positive_count,
        {{ ml_monitor.float64("sum(case label when '1' then 0 else 1 end)") }} as negative_count
    from scored
    where score between -1e300 and 1e300 and {{ ml_monitor.period_condition(period) }}
    group by {{ ml_monitor.truncate('day', 'window_start') }}, score

),

{{ ml_monitor.ranking_from_cells('score_counts', ['day'], 'ranking') }}

final as (

    select
        day as window_start,
        cast(positive_count as bigint) as positive_rows,
        cast(negative_count as bigint) as negative_rows,
        auc,
        auc_error,
        average_precision
    from ranking

)

select * from final
{%- endmacro %}

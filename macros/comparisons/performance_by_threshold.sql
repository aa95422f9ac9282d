{#-
  What a binary monitor would have had at other decision thresholds: exact at each frozen edge of its score (up to 20), from the rollups
  alone. Rows without a score are left out.

  Arguments:
    monitor (string: binary, with a score)
    period (dict, optional: from (inclusive), until (exclusive), UTC times as text, and model_version)
    costs (dict, optional: false_positive, false_negative, true_positive, true_negative, numbers: what one row of each costs, 0 by default;
      a gain is negative)
  Returns: a select of one row per threshold: threshold (class 1 is predicted from this score on), labelled_rows, selection_rate, precision,
    precision_low, precision_high, recall, recall_low, recall_high (99.9 % bounds), false_positive_rate, f1, accuracy (as in
    ml_performance_metrics), cost (mean cost of a labelled row).
  Raises: as compare, a monitor without a score, an unknown cost.
  Source: scikit-learn for the measures; Wilson (1927) for the bounds.
  Example: {{ '{{ ml_monitor.performance_by_threshold(\'flight_delay\', {}, {\'false_positive\': 1, \'false_negative\': 20}) }}' }}
-#}
{% macro performance_by_threshold(monitor, period={}, costs={}) -%}
{%- set spec = ml_monitor.monitor_spec(monitor) -%}
{%- do ml_monitor.check_periods(spec, {'current': period}) -%}
{%- do ml_monitor.check_ranked(spec, 'performance_by_threshold') -%}
{%- set outcomes = ['true_positive', 'false_positive', 'true_negative', 'false_negative'] -%}
{%- for name, cost in costs.items() if execute and (name not in outcomes or cost is not number) -%}
    {%- do exceptions.raise_compiler_error('ml_monitor: performance_by_threshold of ' ~ monitor ~ ': costs: found ' ~ name ~ ': ' ~ cost
        ~ '; allowed: numbers of ' ~ outcomes | join(', ') ~ "\nWrite: {'false_positive': 1, 'false_negative': 20}") -%}
{%- endfor -%}
{%- set columns = [
    'predicted_rows', 'selected_rows', 'labelled_rows', 'correct_rows', 'true_positive_rows', 'predicted_positive_rows', 'positive_rows',
] -%}
{%- set shown = ['accuracy', 'precision', 'recall', 'false_positive_rate', 'f1', 'selection_rate'] -%}
{%- set measures = ml_monitor.measures_from(spec, columns) | selectattr('metric', 'in', shown) | list -%}
{%- set score = spec.inferences | selectattr('role', 'equalto', 'score') | map(attribute='name') | first -%}
{%- set edges = [] -%}
{%- for k in range(20) -%}{%- do edges.append([k]) -%}{%- endfor -%}
-- ml_monitor.performance_by_threshold('{{ monitor }}')
with

slots as (

    select
        score_slot,
        sum(row_count) as row_count,
        sum(labelled_count) as labelled_count,
        sum(case when label = '1' then labelled_count else 0 end) as positive_count
    from {{ ref(monitor ~ '__hourly_outcomes') }}
    where segment_name = '__all__' and label <> '__none__' and score_slot >= 0 and {{ ml_monitor.period_condition(period) }}
    group by score_slot

),

edges as (

    select
        numbers.edge_number,
        {{ ml_monitor.edge_of_number('grid', 'numbers.edge_number') | indent(8) }} as threshold
    from {{ ml_monitor.aliased(ref(monitor ~ '__grid'), 'grid') }}
    cross join (
        {{ ml_monitor.values_list(['edge_number'], edges) | indent(8) }}
    ) as numbers
    where grid.column_name = {{ ml_monitor.string_literal(score) }}

),

-- Slot 2k + 1 holds the scores that equal edge k.
split as (

    select
        e.threshold,
        s.*,
        case when s.score_slot >= 2 * e.edge_number + 1 then 1 else 0 end as is_above
    from edges as e
    cross join slots as s
    where e.threshold < {{ ml_monitor.float64("'Infinity'") }}

),

counted_at_thresholds as (

    select
        threshold,
        sum(row_count) as predicted_rows,
        sum(is_above * row_count) as selected_rows,
        sum(labelled_count) as labelled_rows,
        sum(case is_above when 1 then positive_count else labelled_count - positive_count end) as correct_rows,
        sum(is_above * positive_count) as true_positive_rows,
        sum(is_above * labelled_count) as predicted_positive_rows,
        sum(positive_count) as positive_rows
    from split
    group by threshold

),

{{ ml_monitor.measured_values(measures, 'counted_at_thresholds', ['threshold'] + columns) }}

final as (

    select
        threshold,
        cast(labelled_rows as bigint) as labelled_rows,
        {%- for name in ['selection_rate', 'precision', 'recall'] %}
        max(case when metric = '{{ name }}' then value end) as {{ name }},
        {%- for side in ['low', 'high'] if name != 'selection_rate' %}
        max(case when metric = '{{ name }}' then value_{{ side }} end) as {{ name }}_{{ side }},
        {%- endfor %}
        {%- endfor %}
        {%- for name in ['false_positive_rate', 'f1', 'accuracy'] %}
        max(case when metric = '{{ name }}' then value end) as {{ name }},
        {%- endfor %}
        {{ ml_monitor.float64(
            costs.get('true_positive', 0) ~ ' * true_positive_rows'
            ~ ' + ' ~ costs.get('false_positive', 0) ~ ' * (predicted_positive_rows - true_positive_rows)'
            ~ ' + ' ~ costs.get('false_negative', 0) ~ ' * (positive_rows - true_positive_rows)'
            ~ ' + ' ~ costs.get('true_negative', 0)
            ~ ' * (labelled_rows - predicted_positive_rows - positive_rows + true_positive_rows)'
        ) }} / nullif(labelled_rows, 0) as cost
    from measured
    group by threshold, labelled_rows, predicted_positive_rows, positive_rows, true_positive_rows

)

select * from final
{%- endmacro %}

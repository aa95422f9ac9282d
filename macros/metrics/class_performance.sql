{#-
  Averages over the classes of a multiclass task, as CTEs for <m>__performance.

  Arguments: rollup (relation <m>__hourly_outcomes); the CTE window_days must be there.
  CTEs: ends in `class_performance`: window_grain, window_start, model_version, segment_name, segment_value, and
    majority_rows                       labelled rows of the most frequent label
    balanced_accuracy, and its error    mean recall of the classes that labels have; its standard error
    macro_precision, macro_recall, macro_f1     means over the classes that labels or predictions have
    weighted_precision, weighted_f1     the same, weighted by the labels of each class
  Source: scikit-learn (balanced_accuracy_score; precision_recall_fscore_support with average `macro` and `weighted`, zero_division 0).
-#}
{% macro class_performance(rollup) -%}
{%- set keys = ['window_grain', 'window_start', 'model_version', 'segment_name', 'segment_value'] -%}
{%- set version = ml_monitor.version_or_all() -%}
{%- set of_class = 'case sides.is_label when 1 then r.label else r.prediction end' -%}
{%- set day = ml_monitor.truncate('day', 'r.window_start') -%}
day_classes as (

    select
        {{ day }} as day,
        {{ version }} as model_version,
        r.segment_name,
        r.segment_value,
        {{ of_class }} as class_name,
        sum(case sides.is_label when 1 then r.labelled_count else 0 end) as label_rows,
        sum(case sides.is_label when 0 then r.labelled_count else 0 end) as predicted_rows,
        sum(case when sides.is_label = 1 and r.label = r.prediction then r.labelled_count else 0 end) as correct_rows
    from {{ ml_monitor.aliased(rollup, 'r') }}
    cross join (select 0 as is_apart union all select 1 as is_apart) as versions
    cross join (select 0 as is_label union all select 1 as is_label) as sides
    where r.labelled_count > 0 and r.segment_name <> '__cells__'
    group by {{ day }}, {{ version }}, r.segment_name, r.segment_value, {{ of_class }}

),

class_rows as (

    select
        w.window_grain,
        w.window_start,
        d.model_version,
        d.segment_name,
        d.segment_value,
        d.class_name,
        {{ ml_monitor.float64('sum(d.label_rows)') }} as label_rows,
        {{ ml_monitor.float64('sum(d.predicted_rows)') }} as predicted_rows,
        {{ ml_monitor.float64('sum(d.correct_rows)') }} as correct_rows
    from window_days as w
    inner join day_classes as d on w.day = d.day and (w.has_segments = 1 or d.segment_name = '__all__')
    where d.class_name is not null
    group by w.window_grain, w.window_start, d.model_version, d.segment_name, d.segment_value, d.class_name

),

class_rates as (

    select
        *,
        coalesce(correct_rows / nullif(predicted_rows, 0), 0) as precision_score,
        coalesce(correct_rows / nullif(label_rows, 0), 0) as recall,
        2 * correct_rows / (predicted_rows + label_rows) as f1
    from class_rows

),

class_performance as (

    select
        {{ keys | join(', ') }},
        max(label_rows) as majority_rows,
        avg(case when label_rows > 0 then recall end) as balanced_accuracy,
        sqrt(sum(case when label_rows > 0 then recall * (1 - recall) / label_rows end))
        / count(case when label_rows > 0 then 1 end) as balanced_accuracy_error,
        avg(precision_score) as macro_precision,
        avg(recall) as macro_recall,
        avg(f1) as macro_f1,
        sum(label_rows * precision_score) / sum(label_rows) as weighted_precision,
        sum(label_rows * f1) / sum(label_rows) as weighted_f1
    from class_rates
    group by {{ keys | join(', ') }}

),
{%- endmacro %}

{#-
  Share of rows where a feature was known only after the prediction, exact on raw rows; needs no pipeline.

  Arguments: relation (relation or `(select ...)`), time_column (SQL name: prediction time), feature_times (list of SQL names: when each
    feature was known), group_by (list of SQL names).
  Returns: a select of one row per feature time, and per group; none if there are no rows:
    feature                        the name of the column
    row_count                      rows with both times
    late_rows, late_feature_rate   rows where the feature time is after the prediction time, and their share of row_count
-#}
{% macro leakage(relation, time_column, feature_times, group_by=none) %}
    {%- set groups = ml_monitor.groups(group_by, or_one=true) -%}
with

feature_rows as (
    {%- for feature in feature_times %}
    {{- '\n    union all' if not loop.first }}
    select
        {{ groups.inputs }}{{ ml_monitor.string_literal(feature) }} as feature,
        {{ time_column }} as prediction_time,
        {{ feature }} as feature_time
    from {{ ml_monitor.aliased(relation, 'all_rows') }}
    {%- endfor %}

),

counts as (

    select
        {{ groups.columns }}feature,
        sum(case when prediction_time is not null and feature_time is not null then 1 else 0 end) as row_count,
        sum(case when feature_time > prediction_time then 1 else 0 end) as late_rows
    from feature_rows
    {{- groups.by }}, feature

),

{{ ml_monitor.final_measures('counts', group_by, [
    ['feature', 'cast(feature as ' ~ ml_monitor.text_type() ~ ')'], 'row_count', 'late_rows',
    ['late_feature_rate', 'late_rows', 'row_count'],
]) }}
{%- endmacro %}

{#-
  What the rows `__cells__` of <m>__hourly_outcomes say, as CTEs for <m>__performance: totals only, by window and version. Of a regression
  the quantiles of the absolute error, of class scores the area under the ROC curve of each class against the others.

  Arguments: spec, rollup (relation <m>__hourly_outcomes); the CTE window_days must be there.
  CTEs: ends in `cell_performance`: window_grain, window_start, model_version, and
    median_absolute_error, absolute_error_p90, absolute_error_p99   in the unit of the label, within one cell (3 %)
    auc, auc_error   the mean over the classes that have rows and others have, too; the mean of their standard errors, which is that of the
                     mean if the classes vary together, and more than it otherwise
  Source: scikit-learn (roc_auc_score with multi_class `ovr` and average `macro`); DeLong, DeLong and Clarke-Pearson (1988).
-#}
{% macro cell_performance(spec, rollup) -%}
{%- set is_regression = spec.task == 'regression' -%}
{%- set version = ml_monitor.version_or_all() -%}
{%- set day = ml_monitor.truncate('day', 'r.window_start') -%}
{%- set cell = 'abs(r.score_cell)' if is_regression else 'r.score_cell' -%}
{%- set keys = ['window_grain', 'window_start', 'model_version'] -%}
day_cells as (

    select
        {{ day }} as day,
        {{ version }} as model_version,
        r.segment_value as cells_of,
        {{ cell }} as cell,
        {%- if is_regression %}
        sum(r.error_count) as row_count,
        sum(r.absolute_error_sum) as absolute_error_sum
        {%- else %}
        sum(case r.label when '1' then r.row_count else 0 end) as positive_count,
        sum(case r.label when '1' then 0 else r.row_count end) as negative_count
        {%- endif %}
    from {{ ml_monitor.aliased(rollup, 'r') }}
    cross join (select 0 as is_apart union all select 1 as is_apart) as versions
    where r.segment_name = '__cells__'
    group by {{ day }}, {{ version }}, r.segment_value, {{ cell }}

),

window_cells as (

    select
        w.window_grain,
        w.window_start,
        d.model_version,
        d.cells_of,
        0 as slot,
        d.cell,
        {%- if is_regression %}
        sum(d.row_count) as row_count,
        sum(d.absolute_error_sum) as z_sum
        {%- else %}
        {{ ml_monitor.float64('sum(d.positive_count)') }} as positive_count,
        {{ ml_monitor.float64('sum(d.negative_count)') }} as negative_count
        {%- endif %}
    from window_days as w
    inner join day_cells as d on w.day = d.day
    group by w.window_grain, w.window_start, d.model_version, d.cells_of, d.cell

),

{% if is_regression -%}
{{ ml_monitor.quantiles_from_cells('window_cells', keys, {
    'median_absolute_error': 0.5, 'absolute_error_p90': 0.9, 'absolute_error_p99': 0.99,
}, 'cell_performance') }}
{%- else -%}
{{ ml_monitor.ranking_from_cells('window_cells', keys + ['cells_of'], 'class_ranking') }}

cell_performance as (

    select
        {{ keys | join(', ') }},
        avg(auc) as auc,
        avg(auc_error) as auc_error
    from class_ranking
    group by {{ keys | join(', ') }}

),
{%- endif %}
{%- endmacro %}

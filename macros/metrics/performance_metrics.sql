{#-
  Model <m>__performance_metrics: every measure of performance in one long form, with its interval, what a model without skill would have,
  and its change since the serving baseline; a view on <m>__performance.

  A window is compared with the days of its baseline together, all versions of the model; a day of the baseline with the rest of it. What is
  uncertain about a change is the interval of the window, that of the baseline, and how much days of the baseline differ beyond chance.

  Arguments: monitor (string).
  Columns: performance_metrics_columns.
  Source: docs/decisions/0022-performance-against-its-baseline.md
-#}
{% macro performance_metrics(monitor) %}
    {{- ml_monitor.monitor_model(monitor, reads=['performance'], materialized='view', access='public') -}}
    {%- if execute -%}
-- ml_monitor.performance_metrics('{{ monitor }}')
{{ ml_monitor.performance_metrics_select(monitor) }}
    {%- endif -%}
{% endmacro %}


{#- The select of <m>__performance_metrics. Arguments: monitor (string). -#}
{% macro performance_metrics_select(monitor) -%}
{%- set spec = ml_monitor.monitor_spec(monitor) -%}
{%- set measures = ml_monitor.measures_of(spec) -%}
{%- set keys = ['window_grain', 'window_start', 'window_end', 'model_version', 'segment_name', 'segment_value'] -%}
{%- set kept = keys + ['baseline_since', 'is_mature', 'label_maturity', 'is_in_baseline', 'estimated_rows'] -%}
{%- set has_groups = ml_monitor.protected_segments(spec) != [] -%}
{%- set without_labels = ['selection_rate'] + (
    ml_monitor.fairness_measures() | rejectattr('needs_labels') | map(attribute='metric') | list
) -%}
{%- set z = ml_monitor.normal_quantile_9995() -%}
{%- set missing = measures | selectattr('missing') | map(attribute='metric') | list -%}
with

{{ ml_monitor.measured_values(
    measures, ref(monitor ~ '__performance'), kept, has_cells=spec.task == 'binary', has_estimates=true,
    name='measures_of_groups' if has_groups else 'measured'
) }}
{%- if has_groups %}

{{ ml_monitor.fairness_values(spec, 'measures_of_groups', kept) }}
{%- endif %}

baselines {{ ml_monitor.as_shared() }} (

    select *, power((value_high - value_low) / {{ 2 * z }}, 2) * sample_rows as row_variance
    from measured
    where window_grain = 'baseline' and model_version = '__all__'

),

-- The variance between days that sampling does not explain (DerSimonian and Laird 1986).
variations as (

    select
        d.baseline_since, d.segment_name, d.segment_value, d.metric,
        cast(count(*) as int) as baseline_windows,
        case when count(*) > 1 and max(b.row_variance) is not null then
            {{ ml_monitor.greatest_of([0,
                '(sum(d.sample_rows * power(d.value - b.value, 2)) - (count(*) - 1) * max(b.row_variance))'
                ~ ' / nullif(sum(d.sample_rows) - sum(d.sample_rows * d.sample_rows) / sum(d.sample_rows), 0)']) }}
        end as between_days
    from measured as d
    inner join baselines as b using (baseline_since, segment_name, segment_value, metric)
    where d.window_grain = 'day' and d.model_version = '__all__' and d.is_in_baseline and d.sample_rows > 0 and d.value is not null
    group by d.baseline_since, d.segment_name, d.segment_value, d.metric

),

paired as (

    select
        m.*,
        b.sample_rows as baseline_rows,
        v.baseline_windows,
        sqrt(v.between_days) as baseline_variation,
        {#- A day of the baseline is taken out of it: exact for means, which the value is or nearly is. #}
        case
            when m.window_grain = 'day' and m.is_in_baseline
                then (b.sample_rows * b.value - m.sample_rows * m.value) / nullif(b.sample_rows - m.sample_rows, 0)
            else b.value
        end as baseline_value,
        power(b.value - b.value_low, 2) as variance_below,
        power(b.value_high - b.value, 2) as variance_above,
        power({{ ml_monitor.deviations_of_days() }}, 2) * coalesce(v.between_days, 0)
        / sqrt({{ ml_monitor.float64(ml_monitor.days_of_window('m')) }}) as variance_of_days
    from measured as m
    left join baselines as b
        on
            m.window_grain <> 'baseline'
            and m.baseline_since = b.baseline_since
            and m.segment_name = b.segment_name
            and m.segment_value = b.segment_value
            and m.metric = b.metric
    left join variations as v
        on
            b.baseline_since = v.baseline_since
            and b.segment_name = v.segment_name
            and b.segment_value = v.segment_value
            and b.metric = v.metric

),

-- The interval of a difference from those of its two terms (Newcombe 1998; Zou and Donner 2008), and the variance between days.
compared as (

    select
        *,
        value - baseline_value as change,
        value - baseline_value - sqrt(power(value - value_low, 2) + variance_above + variance_of_days) as change_low,
        value - baseline_value + sqrt(power(value_high - value, 2) + variance_below + variance_of_days) as change_high,
        estimated_value - baseline_value as estimated_change,
        estimated_value - baseline_value - sqrt(power(estimated_value - estimated_low, 2) + variance_above + variance_of_days)
            as estimated_change_low,
        estimated_value - baseline_value + sqrt(power(estimated_high - estimated_value, 2) + variance_below + variance_of_days)
            as estimated_change_high,
        case when is_mature then value - estimated_value end as unexplained_change,
        case when is_mature then value - estimated_value - sqrt(power(value - value_low, 2) + variance_above) end
            as unexplained_change_low,
        case when is_mature then value - estimated_value + sqrt(power(value_high - value, 2) + variance_below) end
            as unexplained_change_high
    from paired

),

ratios as (

    select
        *,
        value / nullif(baseline_value, 0) as ratio,
        1 + change_low / nullif(abs(baseline_value), 0) as ratio_low,
        1 + change_high / nullif(abs(baseline_value), 0) as ratio_high,
        case
            {%- if missing %}
            when metric in ({{ ml_monitor.string_list(missing) }}) then 'no_class_scores'
            {%- endif %}
            when not is_mature and metric not in ({{ ml_monitor.string_list(without_labels) }}) then 'immature_labels'
            when segment_value = '__groups__' and value is null then 'insufficient_sample'
            when interval_name <> 'none' and value is not null and value_low is null then 'insufficient_sample'
        end as reason
    from compared

)

select
    {{ ml_monitor.typed_columns(ml_monitor.performance_metrics_columns(), {
        'monitor': "'" ~ monitor ~ "'", 'metric_name': 'metric',
        'segment_name': "case when segment_value = '__groups__' then '__all__' else segment_name end",
        'segment_value': "case when segment_value = '__groups__' then '__all__' else segment_value end",
        'compared_segment': "case when segment_value = '__groups__' then segment_name end",
        'compared_groups': 'compared_groups' if has_groups else 'cast(null as ' ~ ml_monitor.text_type() ~ ')',
        'performance_metric_id': ml_monitor.surrogate_key(
            ["'" ~ monitor ~ "'"] + (keys | reject('equalto', 'window_end') | list) + ['metric']
        ),
    }) | indent(4) }}
from ratios
{%- endmacro %}


{#- How many standard deviations of days a change must be beyond. Returns: number. -#}
{% macro deviations_of_days() %}{% do return(4) %}{% endmacro %}


{#- The columns of <m>__performance_metrics. -#}
{% macro performance_metrics_columns() %}
    {%- do return(ml_monitor.listed_columns([
        ['performance_metric_id', 'string', 'md5 of monitor, window_grain, window_start, model_version, segment and metric_name.'],
        'monitor',
        ['window_grain', 'day, 7_days, 28_days or baseline (the days of a serving baseline together).'],
        'window_start', 'window_end', 'model_version', 'segment_name', 'segment_value',
        ['metric_name', 'string', 'Measure, such as accuracy, recall, auc or mae; docs/metrics.md of ml_monitor lists them by task.'],
        ['compared_segment', 'string', 'Of a measure of fairness: the protected segment whose values are compared; else NULL.'],
        ['compared_groups', 'string', 'Of a measure of fairness: the two values farthest apart, and those with too few rows; else NULL.'],
        ['value', 'Its value; NULL where it is undefined.'],
        ['value_low', 'Lower 99.9 % bound; NULL where there is none.'],
        ['value_high', 'Upper 99.9 % bound; NULL where there is none.'],
        ['interval_name', 'string', 'How the bounds are made: Wilson, normal, DeLong, Newcombe (of a difference of two groups), Katz (of '
            'their ratio), or none.'],
        ['sample_rows', 'bigint', 'Rows behind the value, with a label: of recall the positives, of precision the predicted positives; of '
            'label_coverage all predictions.'],
        ['naive_value', 'double', 'What a model without skill has in the same window: the most frequent class, one that guesses at the '
            'same rate, or a constant; NULL where there is none.'],
        ['baseline_value', 'double', 'Value over the days of the serving baseline, all versions; of one of its days over the others.'],
        ['baseline_rows', 'bigint', 'Labelled rows behind the value of the baseline.'],
        ['baseline_windows', 'Days of the baseline that baseline_variation was measured on.'],
        ['baseline_variation', 'double', 'Standard deviation between days of the baseline that sampling does not explain.'],
        ['change', 'double', 'value - baseline_value.'],
        ['change_low', 'double', 'Lower bound of the change: beyond sampling and beyond the variation of the baseline.'],
        ['change_high', 'double', 'Upper bound of the change.'],
        ['ratio', 'double', 'value / baseline_value.'],
        ['ratio_low', 'double', 'Lower bound of the ratio.'],
        ['ratio_high', 'double', 'Upper bound of the ratio.'],
        ['estimated_rows', 'bigint', 'Predictions, with a label or without, that the estimate is of.'],
        ['estimated_value', 'double', 'What the value is expected to be over them, if the bins of the score have the shares of positives '
            'that they had in the serving baseline; NULL of other measures than shares of counts.'],
        ['estimated_low', 'double', 'Lower 99.9 % bound of it, of sampling only.'],
        ['estimated_high', 'double', 'Upper 99.9 % bound of it.'],
        ['estimated_change', 'double', 'estimated_value - baseline_value.'],
        ['estimated_change_low', 'double', 'Lower bound of it, as of the change.'],
        ['estimated_change_high', 'double', 'Upper bound of it.'],
        ['unexplained_change', 'double', 'value - estimated_value of a mature window: what is left of the change when the mix of the '
            'scores is accounted for. estimated_change is covariate shift as far as the score shows it; this is concept drift, or labels '
            'that are not missing at random (label_selection_psi).'],
        ['unexplained_change_low', 'double', 'Lower 99.9 % bound of it, of sampling in the window and in the baseline as a whole, not of '
            'single bins of the score.'],
        ['unexplained_change_high', 'double', 'Upper 99.9 % bound of it.'],
        ['is_in_baseline', 'boolean', 'True if labels of the window are part of the serving baseline.'],
        ['is_mature', 'boolean', 'True if label_horizon_hours had passed since window_end.'],
        ['label_maturity', 'string', 'mature, maturing or immature, as in ml_performance.'],
        ['reason', 'Why it cannot be judged: immature_labels, insufficient_sample, or no_class_scores (of a multiclass task that logs no '
            'probability for each class); else NULL.'],
    ])) -%}
{% endmacro %}

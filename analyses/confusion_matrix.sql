-- How often each label was predicted as which class, with the recall and precision of each class: rows with a label, from rollups alone.
--     dbt show -s confusion_matrix --output json --limit -1
--         --vars '{ml_analysis: {monitor: flight_delay, from: "2013-08-01", until: "2013-09-01", model_version: v2}}'
-- Without `monitor` it speaks of the first one that is listed. Needs labels, and a binary or multiclass task.
{% set given = var('ml_analysis', {}) %}
{% set monitor = given.get('monitor') or (ml_monitor.ml_monitors() | list + ['none'])[0] %}
{{ config(enabled=(project_name == 'ml_monitor' and monitor != 'none' and ml_monitor.has_part(monitor, 'labels'))) }}
with

counted as (

    select
        label,
        prediction,
        sum(labelled_count) as row_count
    from {{ ref(monitor ~ '__hourly_outcomes') }}
    where
        segment_name = '__all__'
        and labelled_count > 0
        and {{ ml_monitor.period_condition({
            'from': given.get('from'), 'until': given.get('until'), 'model_version': given.get('model_version')
        }) }}
    group by label, prediction

),

final as (

    select
        label,
        prediction,
        row_count,
        {{ ml_monitor.ratio('row_count', 'sum(row_count) over (partition by label)') }} as share_of_label,
        {{ ml_monitor.ratio('row_count', 'sum(row_count) over (partition by prediction)') }} as share_of_prediction
    from counted

)

select * from final
order by label, prediction

{#-
  Model ml_findings: every warning and failure of all monitors, and of drift what became of performance: inputs that moved while no
  measure of performance fell in the same window are virtual drift.

  Columns: ml_findings_columns.
  Source: Lu et al. (2018), Learning under concept drift, for the term.
-#}
{% macro findings_view() %}
    {{- config(materialized='view') -}}
-- ml_monitor.findings_view()
with

findings as (

    select *
    from {{ ref('ml_monitor', 'ml_checks') }}
    where status in ('warn', 'fail')

),

-- Of each window whether a measure of performance fell, as soon as its labels are mature.
performance as (

    select monitor, window_grain, window_start, max(case status when 'pass' then 0 else 1 end) as has_fallen
    from {{ ref('ml_monitor', 'ml_checks') }}
    where
        category = 'performance'
        and segment_name = '__all__'
        and status <> 'not_evaluated'
        and metric in ({{ ml_monitor.string_list(ml_monitor.fall_metrics()) }})
    group by monitor, window_grain, window_start

)

select
    {{ ml_monitor.typed_columns(ml_monitor.ml_findings_columns(), {
        'monitor': 'f.monitor', 'window_grain': 'f.window_grain', 'window_start': 'f.window_start',
        'impact': "case when f.category = 'drift' and f.segment_name = '__all__' then case p.has_fallen"
            ~ " when 0 then 'Virtual drift: no measure of performance fell in this window.'"
            ~ " when 1 then 'A measure of performance fell in the same window.' end end",
    }) | indent(4) }}
from findings as f
left join performance as p using (monitor, window_grain, window_start)
{% endmacro %}


{#- The columns of ml_findings. -#}
{% macro ml_findings_columns() %}
    {%- do return(ml_monitor.listed_columns([
        ['check_id', 'string', 'Check, as in ml_checks.'],
        'monitor', 'category', 'metric', 'subject',
        ['window_grain', 'hour, day, 7_days, 28_days, month or baseline.'],
        'window_start', 'window_end', 'model_version', 'segment_name', 'segment_value',
        ['status', 'warn or fail.'],
        'value', 'threshold',
        ['message', 'What was found, where and who acts on it, for people.'],
        ['rows_query', 'string', 'Select that returns the rows of the log behind it, ready to run; NULL if the metric counts no rows.'],
        ['impact', 'string', 'Of drift of a total: whether a measure of performance fell in the same window, or none did (virtual drift); '
            'NULL of other findings, and until labels are mature.'],
        'owner',
    ])) -%}
{% endmacro %}

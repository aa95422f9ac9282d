{#-
  Performance by how late the labels came: whether the early ones speak for the late ones. From the rollups alone, of predictions whose
  labels have had label_horizon_hours.

  Arguments: monitor (string), period (dict, optional: from (inclusive), until (exclusive), UTC times as text, and model_version).
  Returns: a select of one row per delay and measure of performance that adds up over rows: label_delay_hours (the label was known at most
    so many hours after its prediction; 999999: later than all, -1: before it, 0: not known when), labelled_rows, arrived_share (labels
    known by then, of those known when; 0 to 1), metric_name, value, value_low, value_high (99.9 % bounds).
  Raises: as compare.
  Example: {{ '{{ ml_monitor.performance_by_delay(\'flight_delay\', {\'from\': \'2013-07-01\'}) }}' }}
-#}
{% macro performance_by_delay(monitor, period={}) -%}
{%- set spec = ml_monitor.monitor_spec(monitor) -%}
{%- do ml_monitor.check_periods(spec, {'current': period}) -%}
{%- set sums, names = ml_monitor.performance_sums(spec), [] -%}
{%- for name in ml_monitor.added_sums(spec) if not name.startswith('estimated_') and sums[name] != 'null' -%}
    {%- do names.append(name) -%}
{%- endfor -%}
{%- set measures = ml_monitor.measures_from(spec, names) | rejectattr('metric', 'in', ['label_coverage', 'selection_rate']) | list -%}
-- ml_monitor.performance_by_delay('{{ monitor }}')
with

delays as (

    select
        r.label_delay_hours,
        {%- for name in names %}
        {{ sums[name] }} as {{ name }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ ml_monitor.aliased(ref(monitor ~ '__hourly_outcomes'), 'r') }}
    where
        r.segment_name = '__all__'
        and r.labelled_count > 0
        and {{ ml_monitor.period_condition(period) }}
        and {{ ml_monitor.mature_at(spec, ml_monitor.date_add('hour', 1, 'r.window_start')) }}
    group by r.label_delay_hours

),

{{ ml_monitor.measured_values(measures, 'delays', ['label_delay_hours', 'labelled_rows']) }}

arrivals as (

    select
        label_delay_hours,
        {{ ml_monitor.float64('sum(labelled_rows) over (order by label_delay_hours)') }} / sum(labelled_rows) over () as arrived_share
    from delays
    where label_delay_hours > 0

),

final as (

    select
        m.label_delay_hours,
        cast(m.labelled_rows as bigint) as labelled_rows,
        a.arrived_share,
        m.metric as metric_name,
        m.value,
        m.value_low,
        m.value_high
    from measured as m
    left join arrivals as a on m.label_delay_hours = a.label_delay_hours

)

select * from final
{%- endmacro %}

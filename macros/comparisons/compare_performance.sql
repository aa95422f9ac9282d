{#-
  Which values of a segment a change of performance between two periods comes from: because there are more or fewer rows of them (mix), or
  because the model does better or worse on them (within). Mix and within of all values add up to the change.

  With w, v the shares of the value among the rows now and before, and p, q its measure,
      mix    = (w - v) ((p + q) / 2 - M)
      within = (w + v) / 2 (p - q)
  where M is the mean of the measure over all values in both periods: more rows of what is worse than that is a loss.

  Arguments: monitor (string), current, reference (as in compare, without segment and training; whole UTC days, those that begin in the
    period), metric (string: a measure that is a mean over rows, such as accuracy, recall or mae), segment (string: a declared one).
  Returns: a select of one row per value: segment_value, reference_rows, current_rows (rows with a label that the measure is over),
    reference_value, current_value, difference (of the values), difference_low, difference_high (99.9 % bounds), mix, within, contribution
    (their sum), in the unit of the measure.
  Raises: as compare, and an unknown segment or measure.
  Source: Kitagawa (J. Am. Stat. Assoc. 50, 1955); Newcombe (1998) and Zou and Donner (2008) for the bounds.
  Example: {{ '{{ ml_monitor.compare_performance(\'flight_delay\', {\'from\': \'2013-07-01\'}, \'serving\', \'recall\', \'carrier\') }}' }}
-#}
{% macro compare_performance(monitor, current, reference, metric, segment) -%}
{%- set spec = ml_monitor.monitor_spec(monitor) -%}
{%- do ml_monitor.check_periods(spec, {'current': current, 'reference': reference}, segment) -%}
{%- set sums = ml_monitor.added_sums(spec) -%}
{%- set means = ml_monitor.measures_from(spec, sums) | selectattr('is_mean') | list -%}
{%- set measures = means | selectattr('metric', 'equalto', metric) | list -%}
{%- if execute and not measures -%}
    {%- do exceptions.raise_compiler_error('ml_monitor: cannot compare two periods of ' ~ monitor ~ ':\n  metric: found ' ~ metric
        ~ '; allowed: ' ~ means | map(attribute='metric') | join(', ') ~ '\nWrite: metric ' ~ (means | map(attribute='metric') | first)) -%}
{%- endif -%}
-- ml_monitor.compare_performance('{{ monitor }}')
with

sides as (
    {% for side, period in {'current': current, 'reference': ml_monitor.reference_period(spec, current, reference)}.items() %}
    select
        '{{ side }}' as side,
        segment_value,
        {%- for name in sums %}
        {{ ml_monitor.outcome_total(name) }} as {{ name }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ ref(monitor ~ '__performance') }}
    where
        window_grain = 'day'
        and segment_name = {{ ml_monitor.string_literal(segment) }}
        and {{ ml_monitor.period_condition(dict(period, model_version=period.model_version or '__all__')) }}
    group by segment_value
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}

),

{{ ml_monitor.measured_values(measures or means[:1], 'sides', ['side', 'segment_value']) }}

-- A value without rows on one side has the measure of the other there: all of its change is mix.
paired as (

    select
        coalesce(c.segment_value, r.segment_value) as segment_value,
        coalesce(c.sample_rows, 0) as current_rows,
        coalesce(r.sample_rows, 0) as reference_rows,
        c.value as current_value,
        r.value as reference_value,
        coalesce(c.value, r.value) as p,
        coalesce(r.value, c.value) as q,
        coalesce(c.sample_rows, 0) / nullif(sum(c.sample_rows) over (), 0) as w,
        coalesce(r.sample_rows, 0) / nullif(sum(r.sample_rows) over (), 0) as v,
        c.value - r.value as difference,
        {{ ml_monitor.difference_bound('c.value', 'r.value', 'low') }} as difference_low,
        {{ ml_monitor.difference_bound('c.value', 'r.value', 'high') }} as difference_high
    from (select * from measured where side = 'current') as c
    full join (select * from measured where side = 'reference') as r on c.segment_value = r.segment_value

),

final as (

    select
        segment_value,
        cast(reference_rows as bigint) as reference_rows,
        cast(current_rows as bigint) as current_rows,
        reference_value,
        current_value,
        difference,
        difference_low,
        difference_high,
        (w - v) * ((p + q) / 2 - sum((w * p + v * q) / 2) over ()) as mix,
        (w + v) / 2 * (p - q) as within,
        (w - v) * ((p + q) / 2 - sum((w * p + v * q) / 2) over ()) + (w + v) / 2 * (p - q) as contribution
    from paired
    where current_rows > 0 or reference_rows > 0

)

select * from final
{%- endmacro %}

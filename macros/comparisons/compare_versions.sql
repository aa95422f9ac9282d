{#-
  Two versions of a model side by side, from the rollups alone: which is better, in what, by how much and how surely.

  Arguments:
    monitor (string), version_a, version_b (strings, as model_version of ml_performance)
    period (dict, optional): from (inclusive) and until (exclusive), UTC days as text: those on which both served
    segment (string, optional): a declared segment, whose values are compared each by itself
  Returns: a select of one row per measure of performance that adds up over days, and value of the segment (`__all__` without one):
    segment_value, metric_name, is_better (higher or lower; NULL where neither is), value_a, value_b, rows_a, rows_b (labelled rows
    behind the values), difference (value_b - value_a), difference_low, difference_high (99.9 % bounds), verdict: `b is better`,
    `a is better`, `not shown` (the bounds include 0), `too few rows`.
  Raises: an undeclared segment, a period that is none, another key in it.
  Source: Newcombe (1998); Zou and Donner (2008). Rows of the two versions are independent: it is no paired comparison.
  Example: {{ '{{ ml_monitor.compare_versions(\'flight_delay\', \'v1\', \'v2\') }}' }}
-#}
{% macro compare_versions(monitor, version_a, version_b, period={}, segment=none) -%}
{%- set spec = ml_monitor.monitor_spec(monitor) -%}
{%- do ml_monitor.check_periods(spec, {'current': period}, by_segment=segment) -%}
{%- for key in period if execute and key not in ['from', 'until'] -%}
    {%- do exceptions.raise_compiler_error('ml_monitor: cannot compare two versions of ' ~ monitor ~ ': period.' ~ key
        ~ ": unknown key; allowed: from, until\nWrite: {'from': '2013-07-25', 'until': '2013-08-08'}") -%}
{%- endfor -%}
{%- set sums = ml_monitor.added_sums(spec) -%}
{%- set measures = ml_monitor.measures_from(spec, sums) -%}
{%- set ns = namespace(directions=[]) -%}
{%- for measure in measures -%}
    {%- set direction = "'" ~ measure.is_better ~ "'" if measure.is_better else 'cast(null as ' ~ ml_monitor.text_type() ~ ')' -%}
    {%- set ns.directions = ns.directions + [["'" ~ measure.metric ~ "'", direction]] -%}
{%- endfor -%}
-- ml_monitor.compare_versions('{{ monitor }}')
with

versions as (

    select
        segment_value,
        case model_version when {{ ml_monitor.string_literal(version_a) }} then 'a' else 'b' end as side,
        {%- for name in sums %}
        {{ ml_monitor.outcome_total(name) }} as {{ name }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ ref(monitor ~ '__performance') }}
    where
        window_grain = 'day'
        and segment_name = {{ ml_monitor.string_literal(segment or '__all__') }}
        and model_version in ({{ ml_monitor.string_list([version_a, version_b]) }})
        and {{ ml_monitor.period_condition(period) }}
    group by segment_value, case model_version when {{ ml_monitor.string_literal(version_a) }} then 'a' else 'b' end

),

{{ ml_monitor.measured_values(measures, 'versions', ['segment_value', 'side']) }}

directions as (

    {{ ml_monitor.values_list(['metric', 'is_better'], ns.directions) | indent(4) }}

),

paired as (

    select
        coalesce(a.segment_value, b.segment_value) as segment_value,
        coalesce(a.metric, b.metric) as metric,
        a.value as value_a,
        b.value as value_b,
        cast(a.sample_rows as bigint) as rows_a,
        cast(b.sample_rows as bigint) as rows_b,
        b.value - a.value as difference,
        {{ ml_monitor.difference_bound('b.value', 'a.value', 'low') }} as difference_low,
        {{ ml_monitor.difference_bound('b.value', 'a.value', 'high') }} as difference_high
    from (select * from measured where side = 'a') as a
    full join (select * from measured where side = 'b') as b on a.segment_value = b.segment_value and a.metric = b.metric

),

final as (

    select
        paired.segment_value,
        paired.metric as metric_name,
        directions.is_better,
        paired.value_a,
        paired.value_b,
        paired.rows_a,
        paired.rows_b,
        paired.difference,
        paired.difference_low,
        paired.difference_high,
        case
            when directions.is_better is null then null
            when paired.difference_low is null then 'too few rows'
            when paired.difference_low > 0 then case directions.is_better when 'higher' then 'b is better' else 'a is better' end
            when paired.difference_high < 0 then case directions.is_better when 'higher' then 'a is better' else 'b is better' end
            else 'not shown'
        end as verdict
    from paired
    inner join directions on paired.metric = directions.metric

)

select * from final
{%- endmacro %}

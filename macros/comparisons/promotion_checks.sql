{#-
  Whether a version of a model may replace another one, from the rollups alone: one row per criterion, with its verdict.

    non_inferior   its metric is not worse than that of the current version by more than `margin`, by the 99.9 % bound of the difference
    segment        in no value of a declared segment it is worse by more than `segment_margin`, beyond doubt
    calibration    binary with a probability: the Brier score, as non_inferior
    fairness       where `protected` segments are declared: the lowest share of positive predictions of a group, as a multiple of the
                   highest one, is four fifths or more, or no lower than that of the current version

  Arguments:
    monitor, candidate, current (strings: versions, as model_version of ml_performance)
    period (dict, optional): from (inclusive) and until (exclusive), UTC days as text: those on which both served
    metric (string): a measure that compare_versions has [accuracy; of a regression mae]
    margin, segment_margin (numbers): in the unit of the metric; of a regression as a share of the current value [0.02, 0.05]
    min_rows (int): labelled rows of each version that a segment value needs [100]
  Returns: a select of criterion, segment_name, segment_value, metric_name, current_value, candidate_value, worst_difference (the bound on
    the bad side), allowed, status (pass, fail, not_evaluated), message.
  Raises: a metric that compare_versions does not have or that has no direction; its own faults.
  Source: non-inferiority by a confidence interval: Piaggio et al. (2012), CONSORT; four fifths: EEOC (1978), Uniform Guidelines.
-#}
{% macro promotion_checks(monitor, candidate, current, period={}, metric=none, margin=0.02, segment_margin=0.05, min_rows=100) -%}
{%- set spec = ml_monitor.monitor_spec(monitor) -%}
{%- set metric = metric or ('mae' if spec.task == 'regression' else 'accuracy') -%}
{%- set known = ml_monitor.measures_from(spec, ml_monitor.added_sums(spec)) | selectattr('is_better') | map(attribute='metric') | list -%}
{%- if execute and metric not in known -%}
    {%- do exceptions.raise_compiler_error('ml_monitor: promotion of ' ~ candidate ~ ' of ' ~ monitor ~ ': metric: found ' ~ metric
        ~ '; allowed: ' ~ known | join(', ') ~ '\nWrite: metric: ' ~ (known | first)) -%}
{%- endif -%}
{%- set has_brier = 'brier_score' in known and metric != 'brier_score' -%}
{%- set scale = 'abs(value_a)' if spec.task == 'regression' else '1' -%}
{%- set ns = namespace(segments=[]) -%}
{%- for segment in spec.segments or [] -%}
    {%- set ns.segments = ns.segments + [{
        'name': segment, 'is_protected': segment in ml_monitor.protected_segments(spec) if spec.task == 'binary' else false,
    }] -%}
{%- endfor -%}
-- ml_monitor.promotion_checks('{{ monitor }}')
with

totals as (

    select '__all__' as segment_name, compared.*
    from (
        {{ ml_monitor.compare_versions(monitor, current, candidate, period) | indent(8) }}
    ) as compared

),

segments as (
    {% for segment in ns.segments %}
    select
        {{ ml_monitor.string_literal(segment.name) }} as segment_name,
        {{ 1 if segment.is_protected else 0 }} as is_protected,
        compared.*
    from (
        {{ ml_monitor.compare_versions(monitor, current, candidate, period, segment.name) | indent(8) }}
    ) as compared
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- else %}
    select '__all__' as segment_name, 0 as is_protected, totals.segment_value, totals.metric_name, totals.is_better, totals.value_a,
        totals.value_b, totals.rows_a, totals.rows_b, totals.difference, totals.difference_low, totals.difference_high, totals.verdict
    from totals
    where 1 = 0
    {%- endfor %}

),

measured as (

    select
        case metric_name when 'brier_score' then 'calibration' else 'non_inferior' end as criterion,
        segment_name, segment_value, metric_name, is_better, value_a, value_b, rows_a, rows_b, difference, difference_low, difference_high,
        {{ margin }} * {{ scale }} as allowed
    from totals
    where metric_name in ({{ ml_monitor.string_list([metric] + (['brier_score'] if has_brier else [])) }})
    union all
    select
        'segment', segment_name, segment_value, metric_name, is_better, value_a, value_b, rows_a, rows_b, difference,
        difference_low, difference_high,
        {{ segment_margin }} * {{ scale }}
    from segments
    where metric_name = '{{ metric }}'

),

-- What is lost: positive where the candidate is worse.
losses as (

    select
        *,
        case is_better when 'higher' then -difference else difference end as loss,
        case is_better when 'higher' then -difference_low else difference_high end as worst_loss,
        case is_better when 'higher' then -difference_high else difference_low end as least_loss
    from measured

),

-- The lowest share of positive predictions of the groups, as a multiple of the highest one.
group_ratios as (

    select
        segment_name,
        min(value_a) / nullif(max(value_a), 0) as ratio_a,
        min(value_b) / nullif(max(value_b), 0) as ratio_b,
        count(*) as group_count
    from segments
    where is_protected = 1 and metric_name = 'selection_rate' and rows_a >= {{ min_rows }} and rows_b >= {{ min_rows }}
    group by segment_name

),

judged as (

    select
        criterion, segment_name, segment_value, metric_name, value_a, value_b, worst_loss as worst_difference, allowed,
        case
            when criterion = 'segment' and least_loss is null then 'not_evaluated'
            when criterion = 'segment' and (rows_a < {{ min_rows }} or rows_b < {{ min_rows }}) then 'not_evaluated'
            when criterion = 'segment' and least_loss > 0 and loss > allowed then 'fail'
            when criterion = 'segment' then 'pass'
            when worst_loss is null then 'not_evaluated'
            when worst_loss > allowed then 'fail'
            else 'pass'
        end as status,
        rows_b
    from losses
    union all
    select
        'fairness', segment_name, '__all__', 'demographic_parity_ratio', ratio_a, ratio_b, cast(null as {{ ml_monitor.float_type() }}), 0.8,
        case
            when group_count < 2 or ratio_b is null then 'not_evaluated'
            when ratio_b < 0.8 and ratio_b < coalesce(ratio_a, 1) then 'fail'
            else 'pass'
        end,
        null
    from group_ratios

),

final as (

    select
        criterion,
        segment_name,
        segment_value,
        metric_name,
        value_a as current_value,
        value_b as candidate_value,
        worst_difference,
        allowed,
        status,
        '{{ monitor }}: ' || {{ ml_monitor.string_literal(candidate) }} || ' against ' || {{ ml_monitor.string_literal(current) }} || ': '
        || replace(criterion, '_', ' ') || case segment_name when '__all__' then '' else ' ' || segment_name || ' ' || segment_value end
        || case status when 'pass' then ' passes' when 'fail' then ' fails' else ' has too few labelled rows' end
        || ' (' || metric_name || ' ' || coalesce({{ ml_monitor.significant_text('value_b') }}, 'undefined')
        || ', was ' || coalesce({{ ml_monitor.significant_text('value_a') }}, 'undefined')
        || coalesce(', worse by up to ' || {{ ml_monitor.significant_text('worst_difference') }}, '')
        || case criterion when 'fairness' then ', at least ' else ', allowed ' end || {{ ml_monitor.significant_text('allowed') }} || ')'
            as message
    from judged

)

select * from final
{%- endmacro %}

{#-
  The measures of fairness as rows beside those of performance, as CTEs ending in `measured`: the CTE that they read and, of each window and
  protected segment, one row per measure, with segment_value `__groups__`.

  A group needs 30 rows of what is compared, as sample_rows counts them; `__other__`, values beyond the cap, is no group.

  Arguments:
    spec
    source (string: a CTE as measured_values has it, with the columns of performance_metrics that `keys` names)
    keys (list of its columns that are kept)
  Columns of `measured`: those of `source`, and compared_groups (text; NULL but of fairness): the groups farthest apart, and those with too
    few rows
  Source: Newcombe (1998) for the bounds of a difference, Katz et al. (1978) for those of a ratio: of the two groups that are
    farthest apart.
-#}
{% macro fairness_values(spec, source, keys) -%}
{%- set segments = ml_monitor.protected_segments(spec) -%}
{%- set window = ['window_grain', 'window_start', 'window_end', 'model_version', 'segment_name', 'baseline_since', 'is_mature'] -%}
{%- set z = ml_monitor.normal_quantile_9995() -%}
{%- set no_number = ml_monitor.float64('null') -%}
{%- set compared = [] -%}
{%- for measure in ml_monitor.fairness_measures() -%}
    {%- for base in measure.of -%}
        {%- do compared.append(["'" ~ measure.metric ~ "'", "'" ~ base ~ "'", "'" ~ measure.kind ~ "'"]) -%}
    {%- endfor -%}
{%- endfor -%}
-- The groups of protected segments, ordered by what is compared.
group_ranks {{ ml_monitor.as_shared() }} (

    select
        {{ window | join(', ') }},
        segment_value, label_maturity, is_in_baseline, metric, value, value_low, value_high, sample_rows, is_large,
        row_number() over (partition by {{ window | join(', ') }}, metric, is_large order by value desc, segment_value) as from_top,
        row_number() over (partition by {{ window | join(', ') }}, metric, is_large order by value, segment_value) as from_bottom
    from (
        select *, case when value is not null and sample_rows >= 30 then 1 else 0 end as is_large from {{ source }}
    ) as sized
    where
        segment_name in ({{ ml_monitor.string_list(segments) }})
        and segment_value <> '__other__'
        and metric in ({{ ml_monitor.string_list(compared | map(attribute=1) | map('replace', "'", '') | unique | list) }})
        and model_version = '__all__'

),

group_extremes {{ ml_monitor.as_shared() }} (

    select
        {{ window | join(', ') }},
        metric as compared_metric,
        min(label_maturity) as label_maturity,
        max(case when is_in_baseline then 1 else 0 end) = 1 as is_in_baseline,
        cast(null as bigint) as estimated_rows,
        sum(is_large) as group_count,
        {%- for end, place in {'highest': 'from_top', 'lowest': 'from_bottom'}.items() %}
        max(case when is_large = 1 and {{ place }} = 1 then segment_value end) as {{ end }}_group,
        {%- for column in ['value', 'value_low', 'value_high', 'sample_rows'] %}
        max(case when is_large = 1 and {{ place }} = 1 then {{ column }} end) as {{ end }}_{{ column }},
        {%- endfor %}
        {%- endfor %}
        {{ ml_monitor.joined_texts('case when is_large = 0 then segment_value end', "', '", ['segment_value']) }} as small_groups
    from group_ranks
    group by {{ window | join(', ') }}, metric

),

group_differences {{ ml_monitor.as_shared() }} (

    select
        extremes.*,
        compared.metric,
        compared.kind,
        -- Of several measures that are compared each needs two groups.
        case when min(extremes.group_count) over (partition by {{ window | join(', ') }}, compared.metric) > 1 then
            case compared.kind
                when 'ratio' then extremes.lowest_value / nullif(extremes.highest_value, 0)
                else extremes.highest_value - extremes.lowest_value
            end
        end as value,
        -- The standard error of the logarithm of the ratio.
        sqrt(
            (1 - extremes.lowest_value) / nullif(extremes.lowest_value * extremes.lowest_sample_rows, 0)
            + (1 - extremes.highest_value) / nullif(extremes.highest_value * extremes.highest_sample_rows, 0)
        ) as log_error,
        row_number() over (
            partition by {{ window | join(', ') }}, compared.metric
            order by extremes.highest_value - extremes.lowest_value desc nulls last, extremes.compared_metric
        ) as place
    from group_extremes as extremes
    inner join (
        {{ ml_monitor.values_list(['metric', 'base', 'kind'], compared) | indent(8) }}
    ) as compared on extremes.compared_metric = compared.base

),

measured {{ ml_monitor.as_shared() }} (

    select *, cast(null as {{ ml_monitor.text_type() }}) as compared_groups from {{ source }}
    union all
    select
        {%- for key in keys %}
        {{ "'__groups__'" if key == 'segment_value' else key }} as {{ key }},
        {%- endfor %}
        metric,
        case kind when 'ratio' then 'Katz' else 'Newcombe' end as interval_name,
        {{ no_number }} as naive_value,
        {{ ml_monitor.least_of(['lowest_sample_rows', 'highest_sample_rows']) }} as sample_rows,
        value,
        case
            when value is null then null
            when kind = 'ratio' then case when lowest_value = 0 then 0 else value * exp(-{{ z }} * log_error) end
            else {{ ml_monitor.difference_bound('highest_value', 'lowest_value', 'low') }}
        end as value_low,
        case
            when value is null then null
            when kind = 'ratio' then case
                when lowest_value = 0 then lowest_value_high / nullif(highest_value_low, 0)
                else value * exp({{ z }} * log_error)
            end
            else {{ ml_monitor.difference_bound('highest_value', 'lowest_value', 'high') }}
        end as value_high,
        {{ no_number }} as estimated_value,
        {{ no_number }} as estimated_low,
        {{ no_number }} as estimated_high,
        {{ ml_monitor.detail_text('[lowest {case when value is not null then lowest_group end} '
            ~ '{100 * lowest_value:1} % of {lowest_sample_rows:0}, highest {highest_group} '
            ~ '{100 * highest_value:1} % of {highest_sample_rows:0}][; too few rows: {small_groups}]', 'value') }} as compared_groups
    from group_differences
    where place = 1

),
{%- endmacro %}

{#-
  Values and intervals of measures of performance, as CTEs ending in `measured` or another `name`.

  Arguments:
    measures (list of performance_measures), source (relation or subquery with the columns of <m>__performance that they read)
    keys (list of column names of `source` that are kept)
    has_cells (boolean: average precision is among the measures), has_estimates (boolean: also what the score expects), name (string)
  CTE: measured, one row of `source` and measure: keys, metric, interval_name, naive_value, sample_rows, value, value_low, value_high
    (99.9 %), and with has_estimates estimated_value, estimated_low, estimated_high
-#}
{% macro measured_values(measures, source, keys, has_cells=false, has_estimates=false, name='measured') -%}
{%- set z = ml_monitor.normal_quantile_9995() -%}
{%- set names = [] -%}
{%- for measure in measures -%}
    {%- do names.append(["'" ~ measure.metric ~ "'", "'" ~ measure.bounds_by ~ "'", measure.min_sample]) -%}
{%- endfor -%}
measures as (

    {{ ml_monitor.values_list(['metric', 'interval_name', 'min_sample'], names) | indent(4) }}

),

counted {{ ml_monitor.as_shared() }} (

    select
        p.{{ keys | join(', p.') }},
        measures.metric, measures.interval_name, measures.min_sample,
        {%- for column, key in {
            'numerator': 'numerator', 'denominator': 'denominator', 'estimate': 'estimate', 'standard_error': 'error',
            'naive_value': 'naive', 'sample_rows': 'sample',
        }.items() %}
        {{ ml_monitor.float64(ml_monitor.by_metric(measures, key)) | indent(8) }} as {{ column }},
        {%- endfor %}
        {%- for column in ['estimated_numerator', 'estimated_denominator'] if has_estimates %}
        case when p.estimated_rows >= 0.95 * p.predicted_rows then
            {{ ml_monitor.float64(ml_monitor.by_metric(measures, column)) | indent(12) }}
        end as {{ column }},
        {%- endfor %}
        {{ 'p.average_precision - p.average_precision_from' if has_cells else 0 }} as open_below,
        {{ 'p.average_precision_to - p.average_precision' if has_cells else 0 }} as open_above
    from {{ ml_monitor.aliased(source, 'p') }}
    cross join measures

),

bounded {{ ml_monitor.as_shared() }} (

    select
        *,
        case interval_name when 'Wilson' then {{ ml_monitor.ratio('numerator', 'denominator') }} else estimate end as share,
        {%- for side, sign in [('low', '-'), ('high', '+')] %}
        case
            when sample_rows < min_sample then null
            when interval_name = 'Wilson' then {{ ml_monitor.wilson('numerator', 'denominator', side) | indent(12) }}
            when interval_name = 'DeLong' then
                {#- By logits, so that it stays between 0 and 1; of a perfect or useless score that of a share. #}
                case
                    when estimate in (0, 1) or standard_error = 0
                        then {{ ml_monitor.wilson('estimate * sample_rows', 'sample_rows', side) | indent(20) }}
                    else 1 / (1 + (1 - estimate) / estimate * exp({{ '' if side == 'low' else '-' }}{{ ml_monitor.least_of([
                        700, z ~ ' * standard_error / (estimate * (1 - estimate))'
                    ]) }}))
                end
            else estimate {{ sign }} {{ z }} * standard_error
        end as share_{{ side }}{{ ',' if has_estimates or not loop.last }}
        {%- endfor %}
        {%- if has_estimates %}
        {{ ml_monitor.ratio('estimated_numerator', 'estimated_denominator') }} as estimated_share,
        {{ ml_monitor.wilson('estimated_numerator', 'estimated_denominator', 'low') | indent(8) }} as estimated_share_low,
        {{ ml_monitor.wilson('estimated_numerator', 'estimated_denominator', 'high') | indent(8) }} as estimated_share_high
        {%- endif %}
    from counted

),

{%- set f1 = "case metric when 'f1' then 2 * {0} / (1 + {0}) else {0} end" %}
{%- set with_cells = "case metric when 'average_precision' then {0} when 'f1' then 2 * {1} / (1 + {1}) else {1} end" %}

{{ name }} {{ ml_monitor.as_shared() }} (

    select
        {{ keys | join(', ') }},
        metric, interval_name, naive_value, sample_rows,
        {{ f1.format('share') }} as value,
        {{ with_cells.format('share_low - open_below', 'share_low') }} as value_low,
        {{ with_cells.format('share_high + open_above', 'share_high') }} as value_high{{ ',' if has_estimates }}
        {%- for side in ['', '_low', '_high'] if has_estimates %}
        {{ f1.format('estimated_share' ~ side) }} as estimated_{{ side[1:] or 'value' }}{{ ',' if not loop.last }}
        {%- endfor %}
    from bounded

),
{%- endmacro %}

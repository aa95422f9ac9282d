{#-
  How often a policy row would have fired, before it is merged: the windows of the last 30 and 90 days, judged by the present policies and
  by these with the row added (or replaced, where one has the same monitor, metric, window, baseline, segment and subject).

  Arguments: monitor (string), policy (dict of the columns of ml_policy_rules: metric, and any of window_grain [day], baseline [none],
    segment_name [`__all__`], subject [`*`], warn_below, fail_below, warn_above, fail_above, min_sample).
  Returns: a select of limits (now, proposed), days (30, 90), windows, judged_windows, warnings, failures, first_found, last_found
    (timestamps), found_on (the days with a warning or failure, as text).
  Raises: an unknown key or metric, a row without a limit.
  Example: {{ '{{ ml_monitor.backtest_policy(\'shop\', {\'metric\': \'null_rate\', \'subject\': \'age\', \'fail_above\': 0.2}) }}' }}
-#}
{% macro backtest_policy(monitor, policy) -%}
{%- for table in ml_monitor.tables_of_metrics() + ['metrics', 'checks', 'maintenance_windows', 'policies', 'waivers'] -%}
    {%- do ml_monitor.read_of(monitor, table) -%}
{%- endfor -%}
{%- if execute -%}
{%- set spec = ml_monitor.monitor_spec(monitor) -%}
{%- set row = dict({'window_grain': 'day', 'baseline': 'none', 'segment_name': '__all__', 'subject': '*'}, **policy) -%}
{%- do ml_monitor.raise_backtest_faults(monitor, spec, row) -%}
{%- set waivers = ml_monitor.waivers(monitor) -%}
{%- set text = ml_monitor.text_type() -%}
{%- set same, values = [], [] -%}
{%- for name in ['metric', 'window_grain', 'baseline', 'segment_name', 'subject'] -%}
    {%- do same.append(name ~ ' = ' ~ ml_monitor.string_literal(row[name])) -%}
{%- endfor -%}
{%- for name in ml_monitor.policy_columns() -%}
    {%- set value = {'policy_id': 'backtest', 'monitor': monitor, 'comment': ''}.get(name, row.get(name)) -%}
    {%- do values.append(
        ml_monitor.string_literal(value) if value is string else value if value is not none else 'null'
    ) -%}
{%- endfor -%}
{%- set proposed -%}
(
        select *
        from ({{ ml_monitor.policy_rules() }}) as present
        where not (monitor = '{{ monitor }}' and {{ same | join(' and ') }})
        union all
        select {{ values | join(', ') }}
    )
{%- endset -%}
-- ml_monitor.backtest_policy('{{ monitor }}')
with

maintenance as (

    {{ ml_monitor.maintenance_windows(monitor) | indent(4) }}

),

{% if waivers -%}
waivers as (
    {{ waivers }}
),

{% endif -%}
{{ ml_monitor.judged_checks(monitor, spec, proposed, waivers) }}

both_limits as (

    select 'proposed' as limits, metric, window_grain, baseline, segment_name, subject, window_start, window_end, available_at, status
    from checks
    union all
    select 'now', metric, window_grain, baseline, segment_name, subject, window_start, window_end, available_at, status
    from {{ ref(monitor ~ '__checks') }}

),

periods as (

    {{ ml_monitor.values_list(['days'], [['30'], ['90']]) | indent(4) }}

),

in_period as (

    select b.*, periods.days
    from both_limits as b
    cross join periods
    where
        {{ (same[:4] + ([same[4]] if row.subject != '*' else [])) | join('\n        and ') }}
        and available_at <= {{ ml_monitor.as_of() }}
        and available_at > {{ ml_monitor.date_add('day', '-1 * periods.days', ml_monitor.as_of()) }}

),

counted as (

    select
        limits,
        days,
        count(*) as windows,
        sum(case when status <> 'not_evaluated' then 1 else 0 end) as judged_windows,
        sum(case status when 'warn' then 1 else 0 end) as warnings,
        sum(case status when 'fail' then 1 else 0 end) as failures,
        min(case when status in ('warn', 'fail') then window_start end) as first_found,
        max(case when status in ('warn', 'fail') then window_start end) as last_found
    from in_period
    group by limits, days

),

found_days as (

    select distinct limits, days, substring(cast(window_start as {{ text }}), 1, 10) as found_day
    from in_period
    where status in ('warn', 'fail')

),

found_texts as (

    select limits, days, {{ ml_monitor.joined_texts('found_day', "', '", ['found_day']) }} as found_on
    from found_days
    group by limits, days

),

final as (

    select
        kinds.limits,
        periods.days,
        coalesce(counted.windows, 0) as windows,
        coalesce(counted.judged_windows, 0) as judged_windows,
        coalesce(counted.warnings, 0) as warnings,
        coalesce(counted.failures, 0) as failures,
        counted.first_found,
        counted.last_found,
        found_texts.found_on
    from periods
    cross join ({{ ml_monitor.values_list(['limits'], [["'now'"], ["'proposed'"]]) }}) as kinds
    left join counted on kinds.limits = counted.limits and periods.days = counted.days
    left join found_texts on kinds.limits = found_texts.limits and periods.days = found_texts.days

)

select * from final
{%- endif -%}
{%- endmacro %}


{#- Raises the faults of a policy row that is to be tried. Arguments: monitor (string), spec, row (dict). -#}
{% macro raise_backtest_faults(monitor, spec, row) %}
    {%- set limits = ['warn_below', 'fail_below', 'warn_above', 'fail_above'] -%}
    {%- set allowed = ['metric', 'window_grain', 'baseline', 'segment_name', 'subject'] + limits + ['min_sample'] -%}
    {%- set metrics = ml_monitor.metrics_of(monitor, spec) -%}
    {%- set names, faults, given = metrics | map(attribute='metric') | list, [], [] -%}
    {%- for key in row if key not in allowed -%}
        {%- do faults.append('unknown key ' ~ key ~ '; allowed: ' ~ allowed | join(', ')) -%}
    {%- endfor -%}
    {%- for key in limits if row.get(key) is number -%}{%- do given.append(key) -%}{%- endfor -%}
    {%- if row.get('metric') not in names -%}
        {%- do faults.append('metric: found ' ~ row.get('metric') ~ '; allowed: ' ~ names | unique | join(', ')) -%}
    {%- else -%}
        {%- set pairs = [] -%}
        {%- for metric in metrics if metric.metric == row.metric -%}
            {%- for pair in metric.comparisons -%}{%- do pairs.append(pair | join(' against ')) -%}{%- endfor -%}
        {%- endfor -%}
        {%- if row.window_grain ~ ' against ' ~ row.baseline not in pairs -%}
            {%- do faults.append('window_grain and baseline: found ' ~ row.window_grain ~ ' against ' ~ row.baseline ~ '; allowed: '
                ~ pairs | unique | join(', ')) -%}
        {%- endif -%}
    {%- endif -%}
    {%- if not given -%}{%- do faults.append('no limit; allowed: numbers for ' ~ limits | join(', ')) -%}{%- endif -%}
    {%- if faults -%}
        {%- do exceptions.raise_compiler_error('ml_monitor: cannot try the policy row for ' ~ monitor ~ ': ' ~ faults | join('; ')
            ~ "\nWrite: {metric: null_rate, window_grain: day, subject: amount, warn_above: 0.1, fail_above: 0.2}") -%}
    {%- endif -%}
{% endmacro %}

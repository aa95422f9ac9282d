{#-
  Model ml_objectives: how each declared objective stands, by hour: its error budget, how fast that burns, and whether to alert.

  The burn rate of a window is the share of bad events in it, divided by the share that the target allows: 1 uses the budget up in just
  lookback_days. An alert needs a rate in a long and in a short window, so that it begins with evidence and ends soon after the fault, and
  min_events in the long one. Checks that are waived or lie in a maintenance window are no events.

  Columns: ml_objectives_columns.
  Source: Beyer et al. (2018), The Site Reliability Workbook, chapter 5, with windows that hours can carry; target and lookback as in
    OpenSLO.
-#}
{% macro objectives() %}
    {{- config(materialized='view') -}}
    {%- set ns = namespace(rows=[], days=[]) -%}
    {%- for monitor in ml_monitor.ml_monitors() if execute -%}
        {%- set spec = ml_monitor.monitor_spec(monitor) -%}
        {%- for declared in spec.objectives or [] -%}
            {%- set objective = ml_monitor.objective_of(declared) -%}
            {%- set ns.days = (ns.days + [objective.lookback_days]) | unique | list -%}
            {%- set values = [] -%}
            {%- for value in [monitor, objective.name, spec.owner] + [
                objective.counted, objective.metric, objective.category, objective.subject,
            ] -%}
                {%- do values.append(ml_monitor.string_literal(value) if value else 'cast(null as ' ~ ml_monitor.text_type() ~ ')') -%}
            {%- endfor -%}
            {%- set ns.rows = ns.rows + [values + [
                ml_monitor.float64(objective.target), objective.lookback_days, objective.min_events,
            ]] -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- set windows = {'1h': 1, '2h': 2, '6h': 6, '1d': 24, '3d': 72} -%}
    {%- set last = 'over (partition by monitor, objective order by hour_number range between {} preceding and current row)' -%}
    {%- set epoch = ml_monitor.timestamp_literal('2000-01-01 00:00:00') -%}
    {#- [speed, burn rate, long window, short window] -#}
    {%- set alerts = [['fast', 6, '6h', '1h'], ['medium', 3, '1d', '2h'], ['slow', 1, '3d', '6h']] -%}
-- ml_monitor.objectives()
{%- if not ns.rows %}
{% set unused = ref('ml_monitor', 'ml_checks') -%}
{{ ml_monitor.no_rows() }}
{%- else %}
with

declared as (

    {{ ml_monitor.values_list(
        ['monitor', 'objective', 'owner', 'counted', 'metric', 'category', 'subject', 'target', 'lookback_days', 'min_events'], ns.rows
    ) | indent(4) }}

),

-- Of each hour the events, and the bad ones.
hours as (

    select
        declared.monitor,
        declared.objective,
        c.window_start,
        max(c.window_end) as window_end,
        case declared.counted when 'hours' then 1 else sum(c.sample_size) end as events,
        case declared.counted
            when 'hours' then max(case c.status when 'fail' then 1 else 0 end)
            else sum(floor(c.sample_size * case c.metric when 'join_match_rate' then 1 - c.value else c.value end + 0.5))
        end as bad_events,
        cast(floor({{ ml_monitor.minutes_between(epoch, 'c.window_start') }} / 60 + 0.5) as bigint) as hour_number
    from declared
    inner join {{ ml_monitor.aliased(ref('ml_monitor', 'ml_checks'), 'c') }}
        on
            declared.monitor = c.monitor
            and c.window_grain = 'hour'
            and c.segment_name = '__all__'
            and declared.subject in ('*', c.subject)
    where
        (declared.counted = 'hours' and c.category = declared.category and c.status <> 'not_evaluated')
        or (
            declared.counted = 'predictions'
            and c.metric = declared.metric
            and c.model_version = '__all__'
            and c.value is not null
            and coalesce(c.reason, '') not in ('maintenance', 'waived')
        )
    group by declared.monitor, declared.objective, declared.counted, c.window_start

),

summed as (

    select
        *,
        {%- for name, hours in windows.items() %}
        sum(events) {{ last.format(hours - 1) }} as events_{{ name }},
        sum(bad_events) {{ last.format(hours - 1) }} as bad_events_{{ name }},
        {%- endfor %}
        {%- for days in ns.days %}
        sum(events) {{ last.format(24 * days - 1) }} as events_{{ days }}_days,
        sum(bad_events) {{ last.format(24 * days - 1) }} as bad_events_{{ days }}_days,
        {%- endfor %}
        row_number() over (partition by monitor, objective order by window_start desc) as from_end
    from hours

),

burning as (

    select
        declared.*,
        summed.window_start,
        summed.window_end,
        summed.events,
        summed.bad_events,
        summed.from_end,
        {%- for name in windows %}
        summed.events_{{ name }},
        {{ ml_monitor.float64('summed.bad_events_' ~ name) }} / nullif(summed.events_{{ name }} * (1 - declared.target), 0)
            as burn_rate_{{ name }},
        {%- endfor %}
        {%- for kind in ['events', 'bad_events'] %}
        case declared.lookback_days
            {%- for days in ns.days %}
            when {{ days }} then summed.{{ kind }}_{{ days }}_days
            {%- endfor %}
        end as lookback_{{ kind }}{{ ',' if not loop.last }}
        {%- endfor %}
    from declared
    left join summed on declared.monitor = summed.monitor and declared.objective = summed.objective

),

alerted as (

    select
        *,
        1 - {{ ml_monitor.float64('lookback_bad_events') }} / nullif(lookback_events * (1 - target), 0) as budget_left,
        case
            {%- for speed, rate, long, short in alerts %}
            when burn_rate_{{ long }} >= {{ rate }} and burn_rate_{{ short }} >= {{ rate }} and events_{{ long }} >= min_events
                then '{{ speed }}'
            {%- endfor %}
        end as burn_alert
    from burning

)

select
    {{ ml_monitor.typed_columns(ml_monitor.ml_objectives_columns(), {
        'objective_id': ml_monitor.surrogate_key(['monitor', 'objective', 'window_start']),
        'indicator': "coalesce(metric, category || ' checks')",
        'good_share': '1 - ' ~ ml_monitor.float64('lookback_bad_events') ~ ' / nullif(lookback_events, 0)',
        'is_latest': 'coalesce(from_end, 1) = 1',
        'message': ml_monitor.objective_message(),
    }) | indent(4) }}
from alerted
{%- endif %}
{% endmacro %}


{#- An objective with its defaults. Arguments: declared (dict of objective_keys). Returns: the same, and counted (predictions or hours). -#}
{% macro objective_of(declared) %}
    {%- set counted = 'predictions' if declared.metric else 'hours' -%}
    {%- do return({
        'name': declared.name, 'counted': counted, 'metric': declared.metric, 'category': declared.category,
        'subject': declared.subject or '*', 'target': declared.target, 'lookback_days': declared.lookback_days or 28,
        'min_events': declared.min_events or {'predictions': 100, 'hours': 6}[counted],
    }) -%}
{% endmacro %}


{#- What an hour of an objective says: of an alert, of a budget that is used up, and of an objective that counts nothing. Returns: SQL. -#}
{% macro objective_message() %}
    {%- set text = ml_monitor.text_type() -%}
    {%- set share = 'cast(cast(100 * budget_left as int) as ' ~ text ~ ')' -%}
    {%- set start = "monitor || ' objective ' || objective || ': '" -%}
    {%- set days = 'cast(lookback_days as ' ~ text ~ ')' -%}
    {%- set whens = [
        "window_start is null then " ~ start ~ " || 'no hourly check of ' || coalesce(metric, category)"
            ~ " || '; add a policy row with window_grain hour'",
        "burn_alert is not null then " ~ start ~ " || 'the error budget burns ' || burn_alert || ', budget left ' || " ~ share
            ~ " || ' % (target ' || cast(target as " ~ text ~ ") || ' over ' || " ~ days ~ " || ' days) owner ' || owner",
        "budget_left <= 0 then " ~ start ~ " || 'the error budget of ' || " ~ days ~ " || ' days is used up owner ' || owner",
    ] -%}
    {%- do return('case\n        when ' ~ whens | join('\n        when ') ~ '\n    end') -%}
{% endmacro %}


{#- The columns of ml_objectives. -#}
{% macro ml_objectives_columns() %}
    {%- do return(ml_monitor.listed_columns([
        ['objective_id', 'string', 'md5 of monitor, objective and window_start.'],
        'monitor',
        ['objective', 'string', 'Its declared name.'],
        'owner',
        ['indicator', 'string', 'The metric whose rows, or the category whose hours, are counted.'],
        ['counted', 'string', 'predictions, or hours.'],
        ['target', 'double', 'Share of events that must be good (0 to 1).'],
        ['lookback_days', 'int', 'Days over which the budget is counted.'],
        ['window_start', 'Start of the hour (UTC), inclusive; NULL if no check counts anything.'],
        ['window_end', 'End of the hour (UTC), exclusive.'],
        ['events', 'bigint', 'Predictions or hours in this hour.'],
        ['bad_events', 'bigint', 'Bad ones among them.'],
        ['lookback_events', 'bigint', 'Predictions or hours in the lookback_days that end with this hour.'],
        ['lookback_bad_events', 'bigint', 'Bad ones among them.'],
        ['good_share', 'double', 'Share of good events in these days (0 to 1).'],
        ['budget_left', 'double', 'Share of the error budget that is left (1 is all of it, negative if it is overdrawn).'],
        ['burn_rate_1h', 'double', 'Share of bad events in the last hour, as a multiple of what the target allows.'],
        ['burn_rate_2h', 'double', 'The same of the last two hours.'],
        ['burn_rate_6h', 'double', 'The same of the last six hours.'],
        ['burn_rate_1d', 'double', 'The same of the last day.'],
        ['burn_rate_3d', 'double', 'The same of the last three days.'],
        ['burn_alert', 'string', 'fast (6 or more over 6 h and 1 h), medium (3 over 1 d and 2 h), slow (1 over 3 d and 6 h), or NULL.'],
        ['is_latest', 'boolean', 'True of the newest hour of each objective.'],
        ['message', 'What an alert, or a budget that is used up, says; NULL otherwise.'],
    ])) -%}
{% endmacro %}

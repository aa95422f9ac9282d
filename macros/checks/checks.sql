{#-
  Model <m>__checks: every metric value that a policy names, with its verdict.

  The most specific policy row wins: a named monitor before `*`, then a named subject before `*`; a row without limits exempts what it
  names, and a waiver what it names until its time (var ml_waivers). The value's interval must clear the limit, and where the metric has
  evidence of its own (drift) that too. A check that could not run is `not_evaluated` with a reason; NULL never passes. All checks are
  judged again, since policies, waivers, maintenance windows and late rows may change any of them, unless nothing that they are made of
  changed: metrics, policies, waivers, maintenance windows, declarations, code.

  Arguments: monitor (string).
  Columns: checks_columns; status is pass, warn, fail or not_evaluated.
-#}
{% macro checks(monitor) %}
    {{- ml_monitor.monitor_model(
        monitor, reads=ml_monitor.tables_of_metrics() + ['metrics', 'maintenance_windows', 'policies', 'waivers'], key='monitor',
        access='public'
    ) -}}
    {%- if execute -%}{{ ml_monitor.checks_select(monitor) }}{%- endif -%}
{% endmacro %}


{#- The select of <m>__checks. Arguments: monitor (string). -#}
{% macro checks_select(monitor) %}
    {%- set spec = ml_monitor.monitor_spec(monitor) -%}
    {%- set text = ml_monitor.text_type() -%}
    {%- set series = ['policy_id', 'window_grain', 'baseline', 'model_version', 'segment_name', 'segment_value', 'subject'] -%}
    {%- set metrics = ml_monitor.metrics_of(monitor, spec) -%}
    {%- set waivers = ml_monitor.waivers(monitor) -%}
    {%- set policies = '(' ~ ml_monitor.policy_rules() ~ ')' -%}
    {%- set ns = namespace(inputs=[], labels=[]) -%}
    {%- for table in ml_monitor.tables_of_metrics(views=false) if ml_monitor.has_table(monitor, table) -%}
        {%- set ns.inputs = ns.inputs + [[ref(monitor ~ '__' ~ table), ml_monitor.table_columns(table) | map('first') | list]] -%}
    {%- endfor -%}
    {%- set code = '(select code_hash from ' ~ ref(monitor ~ '__metrics') ~ ' limit 1)' -%}
    {%- set ns.inputs = ns.inputs + [
        [code, ['code_hash']], [policies, ml_monitor.policy_columns()], ['maintenance', ['starts_at', 'ends_at']],
    ] + ([['waivers', ['metric', 'subject', 'until']]] if waivers else []) -%}
    {%- for metric in metrics -%}
        {%- set is_name = metric.label == metric.metric.replace('_', ' ') -%}
        {%- set ns.labels = ns.labels + [{
            'metric': metric.metric, 'label': "replace(metric, '_', ' ')" if is_name else ml_monitor.string_literal(metric.label),
        }] -%}
    {%- endfor -%}
    {%- set overlap = ml_monitor.minutes_between(
        ml_monitor.greatest_of(['maintenance.starts_at', 'm.window_start']), ml_monitor.least_of(['maintenance.ends_at', 'm.window_end'])
    ) -%}
    {%- set length = ml_monitor.minutes_between('m.window_start', 'm.window_end') -%}
    {%- set judging -%}
policies as (

    select
        rules.*,
        {{ ml_monitor.by_metric(ns.labels, 'label') | indent(8) }} as label,
        case when monitor = '*' then 0 else 2 end + case when subject = '*' then 0 else 1 end as specificity
    from {{ policies | indent(4) }} as rules
    where monitor in ('*', '{{ monitor }}')

),

-- Policy rows that go before one of less specificity, even if they have no limits.
specific_policies as (

    select metric, window_grain, baseline, segment_name, subject, specificity from policies where specificity > 0

),

matched as (

    select
        m.*,
        p.policy_id, p.label, p.warn_below, p.fail_below, p.warn_above, p.fail_above,
        coalesce(m.value_low, m.value) as cautious_above,
        coalesce(m.value_high, m.value) as cautious_below,
        case
            -- A longer window is judged all the same if less than a tenth of it was maintenance.
            when exists (
                select 1 from maintenance
                where
                    maintenance.starts_at < m.window_end
                    and maintenance.ends_at > m.window_start
                    and (m.window_grain not in ('7_days', '28_days') or {{ overlap }} > 0.1 * {{ length }})
            ) then 'maintenance'
            {%- if waivers %}
            when exists (
                select 1 from waivers
                where waivers.metric in ('*', m.metric) and waivers.subject in ('*', m.subject) and m.window_start < waivers.until
            ) then 'waived'
            {%- endif %}
            when m.reason is not null then m.reason
            when m.sample_size < coalesce(p.min_sample, {{ spec.min_sample }}) then 'insufficient_sample'
            when m.value is null then 'undefined'
        end as own_reason
    from {{ ml_monitor.aliased(ref(monitor ~ '__metrics'), 'm') }}
    inner join policies as p using (metric, window_grain, baseline, segment_name)
    where
        (p.subject = '*' or m.subject = p.subject)
        and coalesce(p.warn_below, p.fail_below, p.warn_above, p.fail_above) is not null
        and not exists (
            select 1
            from specific_policies as s
            where
                s.metric = m.metric
                and s.window_grain = m.window_grain
                and s.baseline = m.baseline
                and s.segment_name = m.segment_name
                and s.subject in ('*', m.subject)
                and s.specificity > p.specificity
        )

),

-- What rounding leaves beyond a limit is at the limit.
compared as (

    select
        *,
        case
            when cautious_below < fail_below - 1e-12 then 'fail below'
            when cautious_above > fail_above + 1e-12 then 'fail above'
            when cautious_below < warn_below - 1e-12 then 'warn below'
            when cautious_above > warn_above + 1e-12 then 'warn above'
        end as crossed
    from matched

),

keyed as (

    select
        *,
        {{ ml_monitor.surrogate_key(["'" ~ monitor ~ "'", 'metric', 'window_start'] + series) }} as check_id,
        case crossed
            when 'fail below' then fail_below
            when 'fail above' then fail_above
            when 'warn below' then warn_below
            when 'warn above' then warn_above
            else coalesce(fail_above, fail_below, warn_above, warn_below)
        end as threshold,
        own_reason is null and coalesce(is_significant, true) and crossed is not null as is_beyond
    from compared

),

{{ ml_monitor.found_once() }}

{{ ml_monitor.finding_texts(monitor, spec, metrics) }}

checks as (

    select
        *,
        case when not_evaluated_reason is null then 'pass' else 'not_evaluated' end as status,
        {{ ml_monitor.message_start(spec) }} || case when subject = '__rows__' then '' else subject || ' ' end
        || label || ' not evaluated: ' || not_evaluated_reason as message,
        cast(null as {{ text }}) as rows_query
    from judged
    where not is_finding
    union all
    select * from finding_texts

),
    {%- endset -%}
    {%- set head -%}
maintenance as (

    {{ ml_monitor.maintenance_windows(monitor) | indent(4) }}

),

{% if waivers -%}
waivers as (
    {{ waivers }}
),

{% endif -%}
{{ ml_monitor.changed_inputs(ns.inputs, judging) }}
    {%- endset -%}
{%- call ml_monitor.select_if_any('checks', monitor, head, 'changed_inputs') %}

{{ judging }}

final as (

    select
        check_id, monitor, policy_id, category, metric, window_grain, window_start, window_end, available_at, baseline,
        model_version, segment_name, segment_value, subject,
        cast(status as {{ text }}) as status,
        not_evaluated_reason as reason,
        coalesce(
            status in ('warn', 'fail') and status = lag(status) over (partition by {{ series | join(', ') }} order by window_start),
            false
        ) as is_repeat,
        value, value_low, value_high, {{ ml_monitor.float64('threshold') }} as threshold, sample_size, message, rows_query,
        cast({{ ml_monitor.string_literal(spec.owner) }} as {{ text }}) as owner,
        cast('{{ spec.declaration_hash }}' as {{ text }}) as declaration_hash,
        {#- A subquery, which is evaluated once; PostgreSQL would evaluate a cross join again for each row. #}
        (select input_state from changed_inputs) as input_state
    from checks

)

select * from final where input_state is not null
{%- endcall %}
{% endmacro %}


{#-
  One finding for one cause, as the CTE `judged`: the rows of `keyed`, of which windows of 7 and 28 days are no findings where a shorter
  window in them was found, of the same column and at least as severe; of what speaks of no column, also of the same category.
-#}
{% macro found_once() -%}
short_findings as (

    select category, window_grain, window_start, window_end, model_version, segment_name, segment_value, subject, crossed
    from keyed
    where is_beyond and window_grain in ('hour', 'day', '7_days')

),

judged as (

    select
        *,
        case when is_found_before then 'found_in_shorter_window' else own_reason end as not_evaluated_reason,
        is_beyond and not is_found_before as is_finding
    from (
        select
            k.*,
            case when k.is_beyond and k.window_grain in ('7_days', '28_days') then exists (
                select 1
                from short_findings as s
                where
                    (s.category = k.category or k.subject <> '__rows__')
                    and s.model_version = k.model_version
                    and s.segment_name = k.segment_name
                    and s.segment_value = k.segment_value
                    and s.subject = k.subject
                    and s.window_start >= k.window_start
                    and s.window_end <= k.window_end
                    and s.window_grain <> k.window_grain
                    and (k.crossed like 'warn%' or s.crossed like 'fail%')
            ) else false end as is_found_before
        from keyed as k
    ) as found

),
{%- endmacro %}


{#- The columns of <m>__checks. -#}
{% macro checks_columns() %}
    {%- do return(ml_monitor.listed_columns([
        ['check_id', 'string', 'md5 of monitor, metric, window_start, policy_id, window_grain, baseline, model_version, segment and '
            'subject.'],
        'monitor', 'policy_id', 'category', 'metric',
        ['window_grain', 'hour, day, 7_days, 28_days, month or baseline.'],
        'window_start', 'window_end',
        ['available_at', 'timestamp', 'Earliest moment it could be judged (UTC); a gate looks at recent ones.'],
        'baseline', 'model_version', 'segment_name', 'segment_value', 'subject', 'status', 'reason', 'is_repeat', 'value', 'value_low',
        'value_high', 'threshold', 'sample_size',
        ['message', 'What was found, where and who acts on it, for people; NULL for pass.'],
        ['rows_query', 'string', 'Select that returns the rows of the log behind a warning or failure, ready to run; NULL if the metric '
            'speaks of no rows.'],
        'owner', 'declaration_hash', 'input_state',
    ])) -%}
{% endmacro %}

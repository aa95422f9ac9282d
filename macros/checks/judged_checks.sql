{#-
  The verdicts on every metric value that a policy names, as CTEs ending in `checks`: the metric's columns, those of the policy, status,
  not_evaluated_reason, message, rows_query. Reads the CTEs `maintenance` and, with waivers, `waivers`.

  Arguments: monitor (string), spec (dict of monitor_spec), policies (SQL: a relation of policy rows), waivers (SQL or none).
-#}
{% macro judged_checks(monitor, spec, policies, waivers) -%}
{%- set text = ml_monitor.text_type() -%}
{%- set series = ['policy_id', 'window_grain', 'baseline', 'model_version', 'segment_name', 'segment_value', 'subject'] -%}
{%- set metrics = ml_monitor.metrics_of(monitor, spec) -%}
{%- set ns = namespace(labels=[]) -%}
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
{%- endmacro %}


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

{#-
  Model <m>__checks: every metric value that a policy names, with its verdict.

  The most specific policy row wins: a named monitor before `*`, then a named subject before `*`; a row without limits
  exempts what it names. The value's interval must clear the limit, and where the metric has evidence of its own (drift)
  that too. A check that could not run is `not_evaluated` with a reason; NULL never passes. All checks are judged again, since policies,
  maintenance windows and late rows may change any of them, unless nothing that they are made of changed: metrics, policies, maintenance
  windows, declarations, code.

  Arguments: monitor (string).
  Columns: checks_columns; status is pass, warn, fail or not_evaluated.
-#}
{% macro checks(monitor) %}
    {{- ml_monitor.monitor_model(monitor, reads=ml_monitor.tables_of_metrics() + ['ml_maintenance_windows', 'policies'], key='monitor', access='public') -}}
    {%- if execute -%}{{ ml_monitor.checks_select(monitor) }}{%- endif -%}
{% endmacro %}


{#- The select of <m>__checks. Arguments: monitor (string). -#}
{% macro checks_select(monitor) %}
    {%- set spec = ml_monitor.monitor_spec(monitor) -%}
    {%- set text = ml_monitor.text_type() -%}
    {%- set series = ['policy_id', 'window_grain', 'baseline', 'model_version', 'segment_name', 'segment_value', 'subject'] -%}
    {%- set metrics = ml_monitor.metrics_of(monitor, spec) -%}
    {%- set ns = namespace(inputs=[]) -%}
    {%- for table in ml_monitor.tables_of_metrics() if ml_monitor.has_table(monitor, table) -%}
        {%- set ns.inputs = ns.inputs + [[ref(monitor ~ '__' ~ table), ml_monitor.table_columns(table) | map('first') | list]] -%}
    {%- endfor -%}
    {%- set policies = '(' ~ ml_monitor.policy_rules() ~ ')' -%}
    {%- set ns.inputs = ns.inputs + [[policies, ml_monitor.policy_columns()], ['maintenance', ['starts_at', 'ends_at']]] -%}
    {%- set judging -%}
metric_values as (

    {{ ml_monitor.metrics_select(monitor, metrics, for_checks=true) | trim | indent(4) }}

),

metric_names as (
    {% for metric in metrics %}
    select '{{ metric.metric }}' as metric, '{{ metric.label }}' as label{{ ' union all' if not loop.last }}
    {%- endfor %}

),

named_policies as (

    select
        rules.*,
        metric_names.label,
        case when rules.monitor = '*' then 0 else 2 end + case when rules.subject = '*' then 0 else 1 end as specificity
    from {{ policies | indent(4) }} as rules
    inner join metric_names on rules.metric = metric_names.metric
    where rules.monitor in ('*', '{{ monitor }}')

),

-- The subjects (`*`: all) that a more specific row speaks of instead.
overrides as (

    select p.policy_id, specific.subject
    from named_policies as p
    inner join named_policies as specific
        on
            p.metric = specific.metric
            and p.window_grain = specific.window_grain
            and p.baseline = specific.baseline
            and p.segment_name = specific.segment_name
            and p.specificity < specific.specificity

),

policies as (

    select *
    from named_policies
    where
        (warn_below is not null or fail_below is not null or warn_above is not null or fail_above is not null)
        and policy_id not in (select policy_id from overrides where subject = '*')

),

matched as (

    select
        m.*,
        p.policy_id,
        p.label,
        p.warn_below,
        p.fail_below,
        p.warn_above,
        p.fail_above,
        p.min_sample
    from metric_values as m
    inner join policies as p
        on
            m.metric = p.metric
            and m.window_grain = p.window_grain
            and m.baseline = p.baseline
            and m.segment_name = p.segment_name
            and (p.subject = '*' or m.subject = p.subject)
    where not exists (select 1 from overrides where overrides.policy_id = p.policy_id and overrides.subject = m.subject)

),

effective as (

    select
        matched.*,
        coalesce(value_low, value) as cautious_above,
        coalesce(value_high, value) as cautious_below,
        case
            when exists (
                select 1 from maintenance
                where maintenance.starts_at < matched.window_end and maintenance.ends_at > matched.window_start
            ) then 'maintenance'
            when reason is not null then reason
            when sample_size < min_sample then 'insufficient_sample'
            when value is null then 'undefined'
        end as not_evaluated_reason
    from matched

),

judged as (

    select
        *,
        case
            when not_evaluated_reason is not null then 'not_evaluated'
            when not is_significant then 'pass'
            when cautious_above > fail_above or cautious_below < fail_below then case when is_warn_only then 'warn' else 'fail' end
            when cautious_above > warn_above or cautious_below < warn_below then 'warn'
            else 'pass'
        end as status,
        case
            when cautious_below < fail_below then 'below ' || {{ ml_monitor.number_text('fail_below') }}
            when cautious_above > fail_above then 'above ' || {{ ml_monitor.number_text('fail_above') }}
            when cautious_below < warn_below then 'below ' || {{ ml_monitor.number_text('warn_below') }}
            when cautious_above > warn_above then 'above ' || {{ ml_monitor.number_text('warn_above') }}
        end as finding,
        case
            when cautious_below < fail_below then fail_below
            when cautious_above > fail_above then fail_above
            when cautious_below < warn_below then warn_below
            when cautious_above > warn_above then warn_above
            when fail_above is not null then fail_above
            when fail_below is not null then fail_below
            else coalesce(warn_above, warn_below)
        end as threshold
    from effective

),

followed as (

    select
        *,
        coalesce(status in ('warn', 'fail') and status = lag(status) over (partition by {{ series | join(', ') }} order by window_start), false) as is_repeat
    from judged

),

{{ ml_monitor.rows_query_ctes(spec, metrics) }}

checks as (

    select
        {{ ml_monitor.surrogate_key(["'" ~ monitor ~ "'", 'followed.metric', 'window_start'] + series | reject('equalto', 'subject') | list + ['followed.subject']) }} as check_id,
        monitor,
        policy_id,
        category,
        followed.metric,
        window_grain,
        window_start,
        window_end,
        available_at,
        baseline,
        model_version,
        segment_name,
        segment_value,
        followed.subject,
        cast(status as {{ text }}) as status,
        cast(not_evaluated_reason as {{ text }}) as reason,
        is_repeat,
        {{ ml_monitor.float64('value') }} as value,
        {{ ml_monitor.float64('value_low') }} as value_low,
        {{ ml_monitor.float64('value_high') }} as value_high,
        {{ ml_monitor.float64('threshold') }} as threshold,
        sample_size,
        cast(case
            when status in ('warn', 'fail') then
                '{{ monitor }} ' || category || ': '
                || case when followed.subject = '__rows__' then '' else followed.subject || ' ' end
                || label || ' ' || {{ ml_monitor.number_text('value', 3) }} || ' is ' || finding
                || ' (' || window_grain || ' to ' || cast(window_end as {{ text }})
                || case when baseline = 'none' then '' else ' against ' || baseline end
                || case when model_version = '__all__' then '' else ', version ' || model_version end
                || case when segment_name = '__all__' then '' else ', ' || segment_name || ' ' || segment_value end
                || ', n ' || cast(sample_size as {{ text }})
                || case when detail = '' then '' else '; ' || detail end
                || ') owner ' || {{ ml_monitor.string_literal(spec.owner or 'nobody') }} || ', docs/gates/' || category || '.md'
            when status = 'not_evaluated' then
                '{{ monitor }} ' || category || ': '
                || case when followed.subject = '__rows__' then '' else followed.subject || ' ' end
                || label || ' not evaluated: ' || not_evaluated_reason
        end as {{ text }}) as message,
        cast(case when followed.status in ('warn', 'fail') and rows_queries.metric is not null then
            {{ ml_monitor.rows_query(spec) }}
        end as {{ text }}) as rows_query,
        cast({{ ml_monitor.string_literal(spec.owner) }} as {{ text }}) as owner,
        cast('{{ spec.declaration_hash }}' as {{ text }}) as declaration_hash
    from followed
    left join rows_queries on followed.metric = rows_queries.metric and followed.subject = rows_queries.subject

),
    {%- endset -%}
    {%- set head -%}
maintenance as (

    select starts_at, ends_at
    from {{ ref('ml_monitor', 'ml_maintenance_windows') }}
    where monitor in ('*', '{{ monitor }}')

),

{{ ml_monitor.changed_inputs(ns.inputs, judging) }}
    {%- endset -%}
{%- call ml_monitor.select_if_any('checks', monitor, head, 'changed_inputs') %}

{{ judging }}

final as (

    select
        checks.*,
        cast((select input_state from changed_inputs) as {{ text }}) as input_state
    from checks
    where exists (select 1 from changed_inputs)

)

select * from final
{%- endcall %}
{% endmacro %}


{#- The columns of <m>__checks. -#}
{% macro checks_columns() %}
    {%- do return(ml_monitor.listed_columns([
        ['check_id', 'string', 'md5 of monitor, metric, window_start, policy_id, window_grain, baseline, model_version, segment and '
            'subject.'],
        'monitor', 'policy_id', 'category', 'metric',
        ['window_grain', 'hour, day, week, rolling or month.'],
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

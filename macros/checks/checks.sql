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
    {%- set waivers = ml_monitor.waivers(monitor) -%}
    {%- set policies = '(' ~ ml_monitor.policy_rules() ~ ')' -%}
    {%- set ns = namespace(inputs=[]) -%}
    {%- for table in ml_monitor.tables_of_metrics(views=false) if ml_monitor.has_table(monitor, table) -%}
        {%- set ns.inputs = ns.inputs + [[ref(monitor ~ '__' ~ table), ml_monitor.table_columns(table) | map('first') | list]] -%}
    {%- endfor -%}
    {%- set code = '(select code_hash from ' ~ ref(monitor ~ '__metrics') ~ ' limit 1)' -%}
    {%- set ns.inputs = ns.inputs + [
        [code, ['code_hash']], [policies, ml_monitor.policy_columns()], ['maintenance', ['starts_at', 'ends_at']],
    ] + ([['waivers', ['metric', 'subject', 'until']]] if waivers else []) -%}
    {%- set judging -%}
{{ ml_monitor.judged_checks(monitor, spec, policies, waivers) }}
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

{#-
  Test of a policy seed: every row must name a metric, monitor, window, baseline, segment and subject that exist,
  have limits in order, and contradict no other row of any policy seed.
  Rows: policy_id, fault, found, allowed, message: one per fault.
-#}
{% test valid_policies(model) %}
{%- set ns = namespace(metrics={}, specs={}) -%}
{%- set no_text = 'cast(null as ' ~ ml_monitor.text_type() ~ ')' -%}
{%- set monitors = ml_monitor.ml_monitors() -%}
{%- for monitor in monitors -%}{%- do ns.specs.update({monitor: ml_monitor.monitor_spec(monitor)}) -%}{%- endfor -%}
with

rules as (

    select * from {{ model }}

),

all_rules as (

    {{ ml_monitor.policy_rules() | indent(4) }}

),

monitors as (

    select '*' as monitor
    {%- for monitor in monitors %}
    union all select '{{ monitor }}'
    {%- endfor %}

),

comparisons as (

    select {{ no_text }} as metric, {{ no_text }} as window_grain, {{ no_text }} as baseline, {{ no_text }} as subjects
    where 1 = 0
    {%- for monitor in monitors %}
    {%- if loop.first %}
    {%- for metric in ml_monitor.metric_catalog(ns.specs[monitor]) %}
    {%- do ns.metrics.update({metric.metric: true}) %}
    {%- for grain, baseline in metric.comparisons %}
    union all select '{{ metric.metric }}', '{{ grain }}', '{{ baseline }}', '{{ metric.subjects }}'
    {%- endfor %}
    {%- endfor %}
    {%- endif %}
    {%- endfor %}

),

subjects as (

    select {{ no_text }} as monitor, {{ no_text }} as subjects, {{ no_text }} as subject
    where 1 = 0
    {%- for monitor in monitors %}
    {%- set spec = ns.specs[monitor] %}
    union all select '{{ monitor }}', 'rows', '__rows__'
    {%- for segment in ml_monitor.protected_segments(spec) %}
    union all select '{{ monitor }}', 'segment', {{ ml_monitor.string_literal(segment) }}
    {%- endfor %}
    {%- for column in ml_monitor.monitored_columns(spec) %}
    union all select '{{ monitor }}', 'column', {{ ml_monitor.string_literal(column.name) }}
    {%- endfor %}
    {%- for pair in spec.relations %}
    union all select '{{ monitor }}', 'pair', {{ ml_monitor.string_literal(pair.column_a ~ ' * ' ~ pair.column_b) }}
    {%- endfor %}
    {%- for column in spec.inferences if column.role == 'embedding' %}
    union all select '{{ monitor }}', 'column', {{ ml_monitor.string_literal(column.name) }}
    {%- endfor %}
    {%- for join in spec.joins %}
    union all select '{{ monitor }}', 'join', {{ ml_monitor.string_literal(join.name) }}
    {%- endfor %}
    {%- for dataset in ['inferences'] + (['labels'] if ml_monitor.has_part(monitor, 'labels') else []) %}
    union all select '{{ monitor }}', 'dataset', '{{ dataset }}'
    {%- endfor %}
    {%- endfor %}

),

segments as (

    select {{ no_text }} as monitor, {{ no_text }} as segment_name
    where 1 = 0
    {%- for monitor in monitors %}
    union all select '{{ monitor }}', '__all__'
    {%- for segment in ns.specs[monitor].segments %}
    union all select '{{ monitor }}', {{ ml_monitor.string_literal(segment) }}
    {%- endfor %}
    {%- endfor %}

),

faults as (

    select policy_id, 'monitor' as fault, monitor as found, '*{{ (', ' ~ monitors.keys() | join(', ')) if monitors }}' as allowed
    from rules
    where monitor is null or monitor not in (select monitor from monitors)
    union all
    select policy_id, 'metric' as fault, metric as found, '{{ ns.metrics.keys() | join(', ') }}' as allowed
    from rules
    where metric is null or metric not in (select metric from comparisons)
    union all
    select
        rules.policy_id,
        'window_grain and baseline' as fault,
        coalesce(rules.window_grain, 'nothing') || ' against ' || coalesce(rules.baseline, 'nothing') as found,
        min(valid.window_grain || ' against ' || valid.baseline)
        || {{ ml_monitor.string_literal(' and the like, see ' ~ ml_monitor.setting('docs') ~ '/metrics.md') }} as allowed
    from rules
    inner join comparisons as valid on rules.metric = valid.metric
    group by rules.policy_id, rules.metric, rules.window_grain, rules.baseline
    having max(case when rules.window_grain = valid.window_grain and rules.baseline = valid.baseline then 1 else 0 end) = 0
    union all
    select
        rules.policy_id,
        'subject' as fault,
        rules.subject as found,
        '*, or a ' || min(comparisons.subjects) || ' of the monitor' as allowed
    from rules
    inner join comparisons on rules.metric = comparisons.metric
    where
        rules.subject is null
        or (
            rules.subject <> '*'
            and not exists (
                select 1
                from subjects as s
                where s.subjects = comparisons.subjects and s.subject = rules.subject and rules.monitor in ('*', s.monitor)
            )
        )
    group by rules.policy_id, rules.subject
    union all
    select rules.policy_id, 'segment_name' as fault, rules.segment_name as found, '__all__, or a declared segment of the monitor' as allowed
    from rules
    where
        rules.segment_name is null
        or not exists (select 1 from segments where segments.segment_name = rules.segment_name and rules.monitor in ('*', segments.monitor))
    union all
    select
        policy_id,
        'limits' as fault,
        'limits out of order' as found,
        'warn_above <= fail_above and warn_below >= fail_below, above limits over below limits' as allowed
    from rules
    where warn_above > fail_above or warn_below < fail_below or coalesce(warn_below, fail_below) >= coalesce(warn_above, fail_above)
    union all
    select policy_id, 'min_sample' as fault, cast(min_sample as {{ ml_monitor.text_type() }}) as found, 'empty, or 0 or more' as allowed
    from rules
    where min_sample < 0
    union all
    select
        b.policy_id,
        'contradiction' as fault,
        'the same monitor, metric, window_grain, baseline, segment_name and subject as ' || min(a.policy_id) as found,
        'one row for each' as allowed
    from all_rules as a
    inner join rules as b
        on
            a.monitor = b.monitor
            and a.metric = b.metric
            and a.window_grain = b.window_grain
            and a.baseline = b.baseline
            and a.segment_name = b.segment_name
            and a.subject = b.subject
            and a.policy_id <> b.policy_id
    group by b.policy_id
    union all
    select
        coalesce(policy_id, 'a row without policy_id') as policy_id,
        'policy_id' as fault,
        cast(count(*) as {{ ml_monitor.text_type() }}) || ' rows' as found,
        'one row each, with a name' as allowed
    from rules
    group by policy_id
    having count(*) > 1 or policy_id is null

),

final as (

    select
        policy_id,
        fault,
        found,
        allowed,
        'policy_id ' || policy_id || ': ' || fault || ': found ' || coalesce(found, 'nothing') || '; allowed: ' || allowed as message
    from faults

)

select * from final
{%- if not monitors %}
where 1 = 0
{%- endif %}
{% endtest %}

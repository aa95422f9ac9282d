{#-
  Which run of findings explains which, as CTEs ending in `incident_causes`: the runs with incident_id, explained_by and explanation.

  A cause comes earlier in the order of stages; within a stage it opened earlier. It was as bad as its effect by the day after the effect
  was known. The effect begins in the windows of the cause, and in the week after the first of them. A cause in windows of several
  days, which remember what is over, was open when the effect became known. Among several causes the same column is preferred, then
  the nearest stage; what only opened on the same day comes last. Chains are followed for eight links, in steps of doubling, without
  recursion. A longer chain is cut, and its end is an incident of its own.

  Arguments: runs (CTE name: as incident_runs has them).
  Stages: 0 source (contract, freshness, volume), 1 joins and whole rows, 2 values of columns, 3 drift of features, 4 drift of outputs,
    relations and attributions, 5 labels, 6 performance, 7 the quality score.
-#}
{% macro incident_causes(runs) -%}
{%- set labels = [
    'orphan_label_rate_change', 'conflicting_label_rate_change', 'early_label_rate', 'label_psi', 'label_rate_ratio',
    'label_coverage_ratio', 'label_selection_psi', 'label_selection_bias',
] -%}
{%- set outputs = [
    'output_psi', 'output_mean_shift_sd', 'proxy_psi', 'attribution_ndcg', 'correlation_change', 'joint_psi',
] -%}
{%- set together = 'Opened within a day of it.' -%}
{%- set within_a_day = 'abs(' ~ ml_monitor.minutes_between('p.opened_at', 'e.opened_at') ~ ') <= 1440' -%}
{#- A pair of columns is explained by one of the two. -#}
{%- set is_part = "(e.subject not like '% * %' or e.subject like '% * ' || p.subject or e.subject like p.subject || ' * %')" -%}
{#- [condition over cause p and effect e, sentence]; windows of more than a day are explained by their own subject only. -#}
{%- set rules = [
    ["p.baseline = 'training' and e.baseline = 'training'", 'The data is no longer that of the training set.'],
    ["p.baseline = 'training' or e.baseline = 'training'", none],
    ['p.subject = e.subject and (p.stage = e.stage or p.stage between 2 and 4)', 'Another finding of the same subject.'],
    ['e.is_short = 0 or p.is_short = 0', none],
    [ml_monitor.minutes_between('p.first_window_end', 'e.begins_at') ~ ' > 7 * 1440', none],
    ['p.stage = 0 and e.stage > 0', 'Rows that are late, missing or unusable.'],
    ["p.metric in ('join_match_rate', 'join_fan_out') and e.stage in (2, 3, 4, 6)",
        'A join that failed leaves its columns without values.'],
    ["p.metric = 'error_rate' and e.stage in (2, 4, 6)", 'Predictions that ended in an error.'],
    ['p.stage in (1, 2) and e.stage = 7', 'The quality score is made of it.'],
    ['p.stage = 2 and e.stage in (4, 6) and ' ~ is_part, 'Values that are missing or invalid change the output.'],
    ['p.stage = 3 and e.stage in (4, 6) and ' ~ is_part, 'Inputs that moved change the output.'],
    ['p.stage = 4 and e.stage = 6', 'The output moved.'],
    ['p.stage = 5 and e.stage = 6', 'The labels changed.'],
    ['p.stage = e.stage and p.stage in (2, 3) and ' ~ within_a_day, together],
] -%}
staged as (

    select
        *,
        case when window_grain in ('hour', 'day') then 1 else 0 end as is_short,
        case
            when category in ('contract', 'freshness', 'volume') and subject = '__rows__' then 0
            when metric in ({{ ml_monitor.string_list(labels) }}) then 5
            when category = 'performance' then 6
            when metric = 'quality_score' then 7
            when metric in ('join_match_rate', 'join_fan_out') or (category = 'quality' and subject = '__rows__') then 1
            when category in ('quality', 'contract') then 2
            when metric in ({{ ml_monitor.string_list(outputs) }}) then 4
            when category = 'drift' then 3
            else 0
        end as stage
    from {{ runs }}

),

-- Each run with all that may explain it, at least with nothing.
pairs as (

    select
        e.*,
        p.incident_finding_id as other_id,
        p.category || ' ' || p.metric || case p.subject when '__rows__' then '' else ' ' || p.subject end as other_name,
        p.opened_at as other_opened_at,
        p.stage as other_stage,
        case when p.subject = e.subject and p.subject <> '__rows__' then 0 else 1 end as is_other,
        case
            {%- for condition, sentence in rules %}
            when {{ condition }} then {{ ml_monitor.string_literal(sentence) if sentence else 'null' }}
            {%- endfor %}
        end as sentence
    from staged as e
    left join staged as p
        on
            e.monitor = p.monitor
            and p.metric not in ('label_association', 'label_like_name')
            and case e.state when 2 then p.failed_at else p.opened_at end <= {{ ml_monitor.add_hours('e.known_at', 24) }}
            and (
                (p.is_short = 1 and p.first_window_start < e.ends_at and p.last_seen_at > e.begins_at)
                or (p.is_short = 0 and p.opened_at <= e.known_at and coalesce(p.resolved_at >= e.known_at, true))
            )
            and (
                p.stage < e.stage
                or (p.stage = e.stage and p.opened_at < e.opened_at)
                or (p.stage = e.stage and p.opened_at = e.opened_at and p.opened_state > e.opened_state)
                or (
                    p.stage = e.stage and p.opened_at = e.opened_at and p.opened_state = e.opened_state
                    and p.incident_finding_id < e.incident_finding_id
                )
            )

),

ranked as (

    select
        *,
        row_number() over (
            partition by incident_finding_id
            order by
                case when sentence is null then 2 when sentence = {{ ml_monitor.string_literal(together) }} then 1 else 0 end,
                is_other, other_stage desc, other_opened_at, other_id
        ) as choice
    from pairs

),

links_1 as (

    select
        *,
        case when sentence is null then incident_finding_id else other_id end as cause_1
    from ranked
    where choice = 1

),
{% for step in range(2, 6) %}
{{ 'links_' ~ step }} as (

    select near.*, far.cause_{{ step - 1 }} as cause_{{ step }}
    from links_{{ step - 1 }} as near
    inner join links_{{ step - 1 }} as far on near.cause_{{ step - 1 }} = far.incident_finding_id

),
{% endfor %}
-- Of a chain that ends within eight links, sixteen lead to the same.
ended as (

    select *, case when cause_4 = cause_5 then cause_5 else incident_finding_id end as incident_id
    from links_5

),

incident_causes as (

    select
        *,
        case when incident_id <> incident_finding_id then other_name end as explained_by,
        case when incident_id <> incident_finding_id then sentence end as explanation
    from ended

),
{%- endmacro %}

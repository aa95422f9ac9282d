{#-
  Which run of findings explains which, as CTEs ending in `incident_causes`: the runs with incident_id, explained_by and explanation.

  A cause comes earlier in the order of stages (of one stage the worse, then the earlier), is at least as bad, and its windows overlap with
  the first window of what it explains; what is said of the training set explains nothing. Of several the same subject, then the nearest
  stage counts. Chains are followed for 16 links, in four steps, without recursion.

  Arguments: runs (CTE name: as incident_runs has them).
  Stages: 0 source (contract, freshness, volume), 1 joins and whole rows, 2 values of columns, 3 drift of features, 4 drift of outputs,
    relations and attributions, 5 labels, 6 performance.
-#}
{% macro incident_causes(runs) -%}
{%- set labels = [
    'orphan_label_rate_change', 'conflicting_label_rate_change', 'early_label_rate', 'label_psi', 'label_rate_ratio',
    'label_coverage_ratio', 'label_selection_psi', 'label_selection_bias',
] -%}
{%- set outputs = [
    'output_psi', 'output_mean_shift_sd', 'proxy_psi', 'attribution_ndcg', 'correlation_change', 'joint_psi',
] -%}
{#- [condition over cause p and effect e, sentence]; windows of more than a day are explained by their own subject only. -#}
{%- set rules = [
    ['p.subject = e.subject and (p.stage = e.stage or p.stage between 2 and 4)', 'Another finding of the same subject.'],
    ["e.is_short = 0", none],
    ['p.stage = 0 and e.stage <= 2', 'Rows that are late, missing or unusable.'],
    ["p.metric in ('join_match_rate', 'join_fan_out') and e.stage = 2", 'A join that failed leaves its columns without values.'],
    ['p.stage = 2 and e.stage in (4, 6)', 'Values that are missing or invalid change the output.'],
    ['p.stage = 3 and e.stage in (4, 6)', 'Inputs that moved change the output.'],
    ['p.stage = 4 and e.stage = 6', 'The output moved.'],
    ['p.stage = 5 and e.stage = 6', 'The labels changed.'],
    ['p.stage = e.stage and p.stage in (2, 3) and abs(' ~ ml_monitor.minutes_between('p.opened_at', 'e.opened_at') ~ ') <= 1440',
        'Opened within a day of it.'],
] -%}
staged as (

    select
        *,
        case when window_grain in ('hour', 'day') then 1 else 0 end as is_short,
        case
            when category in ('contract', 'freshness', 'volume') then 0
            when metric in ({{ ml_monitor.string_list(labels) }}) then 5
            when category = 'performance' then 6
            when metric in ('join_match_rate', 'join_fan_out') or (category = 'quality' and subject = '__rows__') then 1
            when category = 'quality' then 2
            when metric in ({{ ml_monitor.string_list(outputs) }}) then 4
            else 3
        end as stage
    from {{ runs }}

),

pairs as (

    select
        e.incident_finding_id,
        p.incident_finding_id as cause_id,
        p.category || ' ' || p.metric || case p.subject when '__rows__' then '' else ' ' || p.subject end as explained_by,
        case
            {%- for condition, sentence in rules %}
            when {{ condition }} then {{ ml_monitor.string_literal(sentence) if sentence else 'null' }}
            {%- endfor %}
        end as explanation,
        case when p.subject = e.subject then 0 else 1 end as is_other,
        p.stage,
        p.state,
        p.opened_at
    from staged as e
    inner join staged as p
        on
            e.monitor = p.monitor
            and p.state >= e.state
            and p.metric not in ('label_association', 'label_like_name')
            and p.first_window_start < e.first_window_end
            and p.last_seen_at > e.first_window_start
            and (
                p.stage < e.stage
                or (p.stage = e.stage and p.state > e.state)
                or (p.stage = e.stage and p.state = e.state and p.opened_at < e.opened_at)
                or (
                    p.stage = e.stage and p.state = e.state and p.opened_at = e.opened_at
                    and p.incident_finding_id < e.incident_finding_id
                )
            )

),

links as (

    select incident_finding_id, cause_id, explained_by, explanation
    from (
        select
            *,
            row_number() over (
                partition by incident_finding_id order by is_other, stage desc, state desc, opened_at, cause_id
            ) as choice
        from pairs
        where explanation is not null
    ) as chosen
    where choice = 1

),

steps_1 as (

    select runs.incident_finding_id, coalesce(links.cause_id, runs.incident_finding_id) as cause_id
    from {{ runs }} as runs
    left join links on runs.incident_finding_id = links.incident_finding_id

),
{% for step in range(2, 6) %}
{{ 'steps_' ~ step }} as (

    select near.incident_finding_id, far.cause_id
    from steps_{{ step - 1 }} as near
    inner join steps_{{ step - 1 }} as far on near.cause_id = far.incident_finding_id

),
{% endfor %}
incident_causes as (

    select runs.*, steps_5.cause_id as incident_id, links.explained_by, links.explanation
    from {{ runs }} as runs
    inner join steps_5 on runs.incident_finding_id = steps_5.incident_finding_id
    left join links on runs.incident_finding_id = links.incident_finding_id

),
{%- endmacro %}

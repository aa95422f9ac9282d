{#- The select of the group `quality_score`. Arguments: spec (dict of monitor_spec). -#}
{% macro quality_score_select(spec) -%}
    {%- set has_labels = ml_monitor.has_part(spec.name, 'labels') -%}
    {%- set weights = spec.get('quality_weights') or ml_monitor.quality_weights({}) -%}
    {%- set values = {
        'window_grain': "'hour'",
        'rebuild_key': "'quality_score ' || dataset || ' ' || cast(window_start as " ~ ml_monitor.text_type() ~ ')',
        'labels_batch': '(select labels_batch from newest_label)' if has_labels else '0',
    } -%}
    {%- for part, weight in weights.items() -%}{%- do values.update({part ~ '_weight': weight}) -%}{%- endfor -%}
with

{{ ml_monitor.scored_quality('quality_hours', weights, "case
    when unreconciled_rows > 0 then 'unreconciled_rows'
    when logged_rows > 0 and quarantined_rows = logged_rows then 'all_rows_quarantined'
    when 2 * quarantined_rows > logged_rows then 'most_rows_quarantined'
end") }}

measured as (

    select
        scored.*,
        case
            when hard_rule is not null then null
            when logged_rows = 0 then 'no_rows'
            when weight_sum = 0 then 'no_weighted_part'
        end as reason
    from scored

),

{{ ml_monitor.group_select(spec, 'quality_score', 'measured', ['dataset', 'window_start'], values) }}
{%- endmacro %}

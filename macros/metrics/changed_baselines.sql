{#-
  The baselines whose state differs from that of the stored rows, as the CTE `changed_baselines` (baseline): changed, added or removed ones.
  Arguments: baseline (SQL: the column of the stored rows that names their baseline), has_changes (boolean: a version has a state for each
    baseline of dated_columns; default: one).
-#}
{% macro changed_baselines(baseline='baseline', has_changes=false) -%}
changed_baselines as (

    select distinct baseline
    from (
        select baseline, model_version, baseline_state, 1 as is_present, 0 as is_built from baseline_states
        union all
        select
            {{ baseline }} as baseline,
            case when {{ baseline }} = 'training' then '__any__' else model_version end as model_version,
            baseline_state,
            0 as is_present,
            1 as is_built
        from {{ this }}
    ) as states
    {%- if has_changes %}
    where baseline_state is not null
    group by baseline, model_version, baseline_state
    having max(is_present) = 0 or max(is_built) = 0
    {%- else %}
    group by baseline, model_version
    having
        (max(is_present) = 0 and count(baseline_state) > 0)
        or (max(is_present) = 1 and (max(is_built) = 0 or count(*) > count(baseline_state) or min(baseline_state) <> max(baseline_state)))
    {%- endif %}

),
{%- endmacro %}

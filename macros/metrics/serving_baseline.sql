{#-
  The serving baseline of a table that compares windows with it: its days, what they were made of as a text that is kept with each row, and
  whether that text is another one since the rows were built, which has all windows written again.
-#}

{#-
  The days of the baseline, as the CTE `baseline_days` (model_version, window_start).
  Arguments: baseline_windows (relation <m>__baseline_windows), where (SQL condition: the versions whose baselines count).
-#}
{% macro baseline_days(baseline_windows, where=none) -%}
baseline_days as (

    select model_version, window_start from {{ baseline_windows }} where is_baseline{{ ' and ' ~ where if where }}

),
{%- endmacro %}


{#- `<n> days from <first> to <last>, <what>`, an aggregate. Arguments: day (SQL), what (SQL, an aggregate of a text). Returns: SQL. -#}
{% macro baseline_state_text(day, what) -%}
    {%- set text = ml_monitor.text_type() -%}
    cast(count(distinct {{ day }}) as {{ text }}) || ' days from ' || cast(min({{ day }}) as {{ text }})
        || ' to ' || cast(max({{ day }}) as {{ text }}) || ', ' || {{ what }}
{%- endmacro %}


{#-
  The state of each baseline, as the CTE `baseline_states`: baseline (serving or training), model_version (`__any__` for training),
  baseline_state; after baseline_days and window_ctes.
  Arguments: reference_profile (relation <m>__reference_profile, or none), where (SQL condition on baseline_days).
-#}
{% macro baseline_states(reference_profile=none, where=none) -%}
{%- set text = ml_monitor.text_type() -%}
{%- set batch = "'batch ' || cast(max(hours.ml_batch) as " ~ text ~ ')' -%}
baseline_states as (

    select
        'serving' as baseline,
        baseline_days.model_version,
        {{ ml_monitor.baseline_state_text('baseline_days.window_start', batch) }} as baseline_state
    from baseline_days
    inner join rollup_hours as hours on {{ ml_monitor.truncate('day', 'hours.hour') }} = baseline_days.window_start
    {%- if where %}
    where {{ where }}
    {%- endif %}
    group by baseline_days.model_version
    {%- if reference_profile %}
    union all
    select
        'training' as baseline,
        '__any__' as model_version,
        'training, ' || cast(sum(row_count) as {{ text }}) || ' counts, ' || cast(sum(row_count * (slot + cell)) as {{ text }})
            as baseline_state
    from {{ reference_profile }}
    where rebuild_key = 'profile'
    {%- endif %}

),
{%- endmacro %}


{#-
  The baselines whose state differs from that of the stored rows, as the CTE `changed_baselines` (baseline): changed, added or removed ones.
  Arguments: baseline (SQL: the column of the stored rows that names their baseline).
-#}
{% macro changed_baselines(baseline='baseline') -%}
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
    group by baseline, model_version
    having
        (max(is_present) = 0 and count(baseline_state) > 0)
        or (max(is_present) = 1 and (max(is_built) = 0 or count(*) > count(baseline_state) or min(baseline_state) <> max(baseline_state)))

),
{%- endmacro %}


{#-
  What a table that compares with the serving baseline writes, as the CTE `written_windows`: in an incremental run what was touched, and all
  windows once a baseline was changed, added or removed; after baseline_states and window_ctes.
  Arguments: baseline (SQL: the column of the stored rows that names their baseline).
-#}
{% macro windows_against_baseline(baseline="'serving'") -%}
{% if ml_monitor.is_incremental() -%}
{{ ml_monitor.changed_baselines(baseline) }}

{% endif -%}
written_windows as (

    select window_grain, window_start, window_end from touched_windows
    {%- if ml_monitor.is_incremental() %}
    union
    select window_grain, window_start, window_end from windows where exists (select 1 from changed_baselines)
    {%- endif %}

),
{%- endmacro %}


{#-
  A sum of the baseline that a day is compared with: a day of the baseline is compared with the rest of it.
  Arguments (SQL): of_baseline, own (the sums of the baseline and of the day, NULL without rows), b (alias of baseline_days, joined to the day).
  Returns: SQL.
-#}
{% macro rest_of_baseline(of_baseline, own, b='b') -%}
    coalesce({{ of_baseline }}, 0) - case when {{ b }}.window_start is null then 0 else coalesce({{ own }}, 0) end
{%- endmacro %}

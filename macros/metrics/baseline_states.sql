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


{#- `<n> days from <first> to <last>, <what>`, an aggregate. Arguments: day (SQL), what (SQL, an aggregate of a text). Returns: SQL. -#}
{% macro baseline_state_text(day, what) -%}
    {%- set text = ml_monitor.text_type() -%}
    cast(count(distinct {{ day }}) as {{ text }}) || ' days from ' || cast(min({{ day }}) as {{ text }})
        || ' to ' || cast(max({{ day }}) as {{ text }}) || ', ' || {{ what }}
{%- endmacro %}

{#-
  The state of each baseline, as the CTE `baseline_states`: baseline (serving or training), model_version (`__any__` for training),
  baseline_state; after baseline_days and window_ctes.
  Arguments: reference_profile (relation <m>__reference_profile, or none), where (SQL condition on baseline_days), has_changes (boolean: one
    state for each baseline of dated_columns, with baseline_since and baseline_until).
-#}
{% macro baseline_states(reference_profile=none, where=none, has_changes=false) -%}
{%- set text = ml_monitor.text_type() -%}
{%- set batch = "'batch ' || cast(max(hours.ml_batch) as " ~ text ~ ')' -%}
baseline_states as (

    select
        'serving' as baseline,
        baseline_days.model_version,
        {%- if has_changes %}
        dates.baseline_since,
        dates.baseline_until,
        {%- endif %}
        {{ ml_monitor.baseline_state_text('baseline_days.window_start', batch) }}
        {%- if has_changes %}
        || case when extract(year from dates.baseline_until) < 9999 then ', until ' || cast(dates.baseline_until as {{ text }}) else '' end
        {%- endif %} as baseline_state
    from baseline_days
    inner join rollup_hours as hours on {{ ml_monitor.truncate('day', 'hours.hour') }} = baseline_days.window_start
    {%- if has_changes %}
    inner join (select distinct version_scope, baseline_since, baseline_until from dated_columns) as dates
        on
            baseline_days.baseline_since = dates.baseline_since
            and baseline_days.window_start < dates.baseline_until
            and dates.version_scope = case when baseline_days.model_version = '__all__' then 'all' else 'version' end
    {%- endif %}
    {%- if where %}
    where {{ where }}
    {%- endif %}
    group by baseline_days.model_version{{ ', dates.baseline_since, dates.baseline_until' if has_changes }}
    {%- if reference_profile %}
    union all
    select
        'training' as baseline,
        '__any__' as model_version,
        {%- if has_changes %}
        {{ ml_monitor.first_baseline() }} as baseline_since,
        {{ ml_monitor.first_baseline() }} as baseline_until,
        {%- endif %}
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

{#-
  Versions that served in the scope of a gate without being approved, as the CTEs `registry` and `unapproved`: model_version, message.

  Arguments: monitor (string), spec, registry (SQL: the select of model_registry), lookback (hours of the scope).
-#}
{% macro unapproved_versions(monitor, spec, registry, lookback) -%}
{%- set text = ml_monitor.text_type() -%}
registry as (

    {{ registry }}

),

known_versions as (

    select model_version, min(approved_at) as approved_at, max(retired_at) as retired_at
    from registry
    group by model_version

),

served_unapproved as (

    select
        v.model_version,
        'contract' as category,
        min(v.window_start) as first_hour,
        sum(v.current_rows) as row_count
    from {{ ml_monitor.aliased(ref(monitor ~ '__hourly_volume'), 'v') }}
    where
        v.window_grain = 'hour'
        and v.segment_name = '__all__'
        and v.model_version not in ('__all__', '__none__')
        and v.current_rows > 0
        and v.window_start < {{ ml_monitor.as_of() }}
        and v.window_start > {{ ml_monitor.date_add('hour', -1 * lookback, ml_monitor.as_of()) }}
        and not exists (
            select 1
            from registry
            where
                registry.model_version = v.model_version
                and registry.approved_at < {{ ml_monitor.add_hours('v.window_start', '1') }}
                and coalesce(registry.retired_at > v.window_start, true)
        )
    group by v.model_version

),

unapproved as (

    select
        s.model_version,
        {{ ml_monitor.message_start(spec) }}
        || 'version ' || s.model_version || ' served ' || cast(s.row_count as {{ text }}) || ' predictions since '
        || substring(cast(s.first_hour as {{ text }}), 1, 16) || ' without approval: '
        || case
            when known_versions.model_version is null then 'the registry does not have it'
            when known_versions.approved_at is null then 'its row has no approved_at'
            when known_versions.approved_at > s.first_hour
                then 'approved only at ' || substring(cast(known_versions.approved_at as {{ text }}), 1, 16)
            else 'retired at ' || coalesce(substring(cast(known_versions.retired_at as {{ text }}), 1, 16), 'no time')
        end
        || '; add or change its row in {{ var('ml_model_registry', '') }}, or roll back' || {{ ml_monitor.message_end(spec) }} as message
    from served_unapproved as s
    left join known_versions on s.model_version = known_versions.model_version

),
{%- endmacro %}

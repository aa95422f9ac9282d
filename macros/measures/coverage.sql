{#-
  A relation against a registry of active entities, exact on raw rows; needs no pipeline.

  Arguments: relation, registry (relation or `(select ...)`), column (SQL name: the entity), registry_column (SQL name, default the same),
    active_from, active_until (SQL names in the registry, optional; [from, until), NULL is open), time_column (SQL name, needed for those
    two), group_by (list of SQL names that both relations have).
  Returns: a select of one row, or one for each group of either side; none if both are empty:
    row_count            rows
    entity_rows          rows with an entity
    unknown_rows         rows whose entity is NULL, not registered, or not active at the time of the row
    active_entities      registered entities, with active_from or active_until those active at some time between the first and last row
    missing_entities     active entities without any row
    missing_share        missing_entities / active_entities
    unknown_share        unknown_rows / row_count
    first_missing        the first missing entity, as text
  Raises: active_from or active_until without time_column.
-#}
{% macro coverage(
    relation, registry, column, registry_column=none, active_from=none, active_until=none, time_column=none, group_by=none
) %}
    {%- set registry_column = registry_column or column -%}
    {%- set has_times = active_from or active_until -%}
    {%- if has_times and not time_column -%}
        {%- do exceptions.raise_compiler_error(
            'ml_monitor.coverage: active_from or active_until needs time_column, the time of a row. Write time_column: event_time'
        ) -%}
    {%- endif -%}
    {%- set groups = ml_monitor.groups(group_by, or_one=true) -%}
with

row_counts as (

    select {{ groups.inputs }}{{ column }} as entity, {{ time_column or ml_monitor.as_of() }} as row_time, count(*) as row_count
    from {{ ml_monitor.aliased(relation, 'all_rows') }}
    group by {{ (ml_monitor.group_columns(group_by) + [column] + ([time_column] if time_column else [])) | join(', ') }}

),

registered as (

    select
        {{ groups.inputs }}{{ registry_column }} as entity,
        {{ active_from or 'cast(null as timestamp)' }} as active_from,
        {{ active_until or 'cast(null as timestamp)' }} as active_until
    from {{ ml_monitor.aliased(registry, 'registered_rows') }}
    where {{ registry_column }} is not null

),

active as (

    select distinct {{ groups.columns }}entity
    from registered
    {%- if has_times %}
    cross join (select min(row_time) as first_time, max(row_time) as last_time from row_counts) as time_range
    where (active_from is null or active_from <= last_time) and (active_until is null or active_until > first_time)
    {%- endif %}

),

both_sides as (

    select
        {{ groups.columns }}row_count,
        case when entity is not null then row_count else 0 end as entity_rows,
        case
            when exists (
                select 1
                from registered as r
                where
                    r.entity = c.entity
                    and {{ ml_monitor.same_group('r', 'c', groups.names) }}
                    {%- if has_times %}
                    and (r.active_from is null or r.active_from <= c.row_time)
                    and (r.active_until is null or r.active_until > c.row_time)
                    {%- endif %}
            ) then 0
            else row_count
        end as unknown_rows,
        cast(null as int) as is_active,
        0 as is_missing,
        cast(null as {{ ml_monitor.text_type() }}) as missing_entity
    from row_counts as c
    union all
    select
        {{ groups.columns | replace('group_', 'a.group_') }}0 as row_count,
        0 as entity_rows,
        0 as unknown_rows,
        1 as is_active,
        case when s.entity is null then 1 else 0 end as is_missing,
        case when s.entity is null then cast(a.entity as {{ ml_monitor.text_type() }}) end as missing_entity
    from active as a
    left join (select distinct {{ groups.columns }}entity from row_counts) as s
        on s.entity = a.entity and {{ ml_monitor.same_group('s', 'a', groups.names) }}

),

sums as (

    select
        {{ groups.columns }}sum(row_count) as row_count,
        sum(entity_rows) as entity_rows,
        sum(unknown_rows) as unknown_rows,
        count(is_active) as active_entities,
        sum(is_missing) as missing_entities,
        min(missing_entity) as first_missing
    from both_sides
    {{- groups.by }}

),

{{ ml_monitor.final_measures('sums', group_by, [
    'row_count', 'entity_rows', 'unknown_rows', 'active_entities', 'missing_entities',
    ['missing_share', 'missing_entities', 'active_entities'],
    ['unknown_share', 'unknown_rows', 'row_count'],
    'first_missing',
]) }}
{%- endmacro %}

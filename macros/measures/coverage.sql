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
{% macro coverage(relation, registry, column, registry_column=none, active_from=none, active_until=none, time_column=none, group_by=none) %}
    {%- set registry_column = registry_column or column -%}
    {%- if (active_from or active_until) and not time_column -%}
        {%- do exceptions.raise_compiler_error('ml_monitor.coverage: active_from or active_until needs time_column, the time of a row. Write time_column: event_time') -%}
    {%- endif -%}
    {%- set keys = ml_monitor.group_keys(group_by) | join(', ') -%}
with

own_rows as (

    select {{ ml_monitor.group_inputs(group_by) }}, {{ column }} as entity, {{ time_column or ml_monitor.as_of() }} as row_time
    from {{ ml_monitor.aliased(relation, 'all_rows') }}

),

row_counts as (

    select {{ keys }}, entity, row_time, count(*) as row_count
    from own_rows
    group by {{ keys }}, entity, row_time

),

time_range as (

    select min(row_time) as first_time, max(row_time) as last_time from row_counts

),

registered as (

    select
        {{ ml_monitor.group_inputs(group_by) }},
        {{ registry_column }} as entity,
        {{ active_from or 'cast(null as timestamp)' }} as active_from,
        {{ active_until or 'cast(null as timestamp)' }} as active_until
    from {{ ml_monitor.aliased(registry, 'registered_rows') }}
    where {{ registry_column }} is not null

),

row_sums as (

    select
        {{ keys }},
        sum(row_count) as row_count,
        sum(case when entity is not null then row_count else 0 end) as entity_rows,
        sum(
            case
                when exists (
                    select 1
                    from registered as r
                    where
                        r.entity = c.entity
                        and {{ ml_monitor.same_group('r', 'c', ml_monitor.group_aliases(group_by)) }}
                        {%- if active_from %}
                        and (r.active_from is null or r.active_from <= c.row_time)
                        {%- endif %}
                        {%- if active_until %}
                        and (r.active_until is null or r.active_until > c.row_time)
                        {%- endif %}
                ) then 0
                else row_count
            end
        ) as unknown_rows
    from row_counts as c
    group by {{ keys }}

),

seen as (

    select distinct {{ keys }}, entity from row_counts

),

active as (

    select distinct {{ keys }}, entity
    from registered
    {%- if active_from or active_until %}
    cross join time_range
    where (active_from is null or active_from <= last_time) and (active_until is null or active_until > first_time)
    {%- endif %}

),

entity_sums as (

    select
        {% for key in ml_monitor.group_keys(group_by) %}a.{{ key }}, {% endfor -%}
        count(*) as active_entities,
        sum(case when s.entity is null then 1 else 0 end) as missing_entities,
        min(case when s.entity is null then cast(a.entity as {{ ml_monitor.text_type() }}) end) as first_missing
    from active as a
    left join seen as s on s.entity = a.entity and {{ ml_monitor.same_group('s', 'a', ml_monitor.group_aliases(group_by)) }}
    group by {% for key in ml_monitor.group_keys(group_by) %}a.{{ key }}{{ ', ' if not loop.last }}{% endfor %}

),

all_groups as (

    select {{ keys }} from row_sums
    union
    select {{ keys }} from entity_sums

),

final as (

    select
        {{ ml_monitor.group_outputs(group_by, 'g') }}coalesce(r.row_count, 0) as row_count,
        coalesce(r.entity_rows, 0) as entity_rows,
        coalesce(r.unknown_rows, 0) as unknown_rows,
        coalesce(e.active_entities, 0) as active_entities,
        coalesce(e.missing_entities, 0) as missing_entities,
        {{ ml_monitor.ratio('e.missing_entities', 'e.active_entities') }} as missing_share,
        {{ ml_monitor.ratio('r.unknown_rows', 'r.row_count') }} as unknown_share,
        e.first_missing
    from all_groups as g
    left join row_sums as r on {{ ml_monitor.same_group('r', 'g', ml_monitor.group_aliases(group_by)) }}
    left join entity_sums as e on {{ ml_monitor.same_group('e', 'g', ml_monitor.group_aliases(group_by)) }}

)

select * from final
{%- endmacro %}

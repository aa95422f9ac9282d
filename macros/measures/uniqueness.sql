{#-
  How often the key of a relation repeats, and whether the repeats say the same, exact on raw rows; needs no pipeline.

  Arguments:
    relation (relation or `(select ...)`), keys (list of SQL names)
    ingest_column (SQL name of a timestamp, optional): the first row of a key is the one that arrived first; without it, and among
      rows that arrived together, the one that sorts first by its other columns
    replay_after_minutes (number, default 60)
    ignore (list of SQL names, default the ingest column): columns that may differ in an exact duplicate
    group_by (list of SQL names, optional): a key repeats within its group
    compare (boolean, default true): false leaves exact and conflicting duplicates NULL, and asks the database for no list of columns
  Returns: a select of one row, or one for each group with its columns:
    row_count, keyed_count                              rows; those without a NULL in the key
    duplicate_count, duplicate_rate                     rows after the first of their key
    exact_duplicate_count, exact_duplicate_rate         of these, equal to the first row in all other columns
    conflicting_duplicate_count, conflicting_duplicate_rate   the rest of them
    replay_count, replay_rate                           of these, arrived more than replay_after_minutes after the first
    Rates are shares of keyed_count. Replays are NULL without any ingest time.
  Raises: no key; a column of `ignore` that is not there.
-#}
{% macro uniqueness(relation, keys, ingest_column=none, replay_after_minutes=60, ignore=none, group_by=none, compare=true) %}
    {%- set keys = ml_monitor.group_columns(keys) -%}
    {%- if not keys -%}
        {%- do exceptions.raise_compiler_error('ml_monitor.uniqueness: keys is empty. Allowed: a list of columns. '
            ~ 'Write\n    - ml_monitor.uniqueness:\n        arguments: {keys: [prediction_id], fail: {duplicate_rate: 0}}') -%}
    {%- endif -%}
    {%- set groups = ml_monitor.group_columns(group_by) -%}
    {%- set names = ml_monitor.group_aliases(groups) -%}
    {%- set ignored = ([ingest_column] if ingest_column else []) if ignore is none else ml_monitor.group_columns(ignore) -%}
    {%- set compared = ml_monitor.other_columns(relation, keys + groups, ignored) if compare and execute else [] -%}
    {%- set aliases = namespace(keys=[], same_key=[], values=[], same_values=[]) -%}
    {%- for key in keys -%}
        {%- set aliases.keys = aliases.keys + ['key_' ~ loop.index] -%}
        {%- set aliases.same_key = aliases.same_key + ['a.key_' ~ loop.index ~ ' = b.key_' ~ loop.index] -%}
    {%- endfor -%}
    {%- for column in compared -%}
        {%- set aliases.values = aliases.values + ['value_' ~ loop.index] -%}
        {%- set aliases.same_values = aliases.same_values + ['a.value_' ~ loop.index ~ ' is not distinct from b.value_' ~ loop.index] -%}
    {%- endfor -%}
    {%- set same_key = (aliases.same_key + ([ml_monitor.same_group('a', 'b', names)] if names else [])) | join('\n            and ') -%}
    {%- set by_key = (names + aliases.keys) | join(', ') -%}
    {%- set order = ((['ingest_time'] if ingest_column else []) + aliases.values) or ['key_1'] -%}
with

keyed as (

    select
        {%- for group in groups %}
        {{ group }} as group_{{ loop.index }},
        {%- endfor %}
        {%- if ingest_column %}
        {{ ingest_column }} as ingest_time,
        {%- endif %}
        {%- for column in compared %}
        {{ column }} as value_{{ loop.index }},
        {%- endfor %}
        {%- for key in keys %}
        {{ key }} as key_{{ loop.index }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ ml_monitor.aliased(relation, 'all_rows') }}

),

-- Only rows of repeated keys are sorted and compared.
repeated_keys as (

    select {{ by_key }}
    from keyed
    where {{ aliases.keys | join(' is not null and ') }} is not null
    group by {{ by_key }}
    having count(*) > 1

),

repeated as (

    select
        a.*,
        {%- if ingest_column %}
        min(a.ingest_time) over (partition by a.{{ by_key.replace(', ', ', a.') }}) as first_ingest_time,
        {%- endif %}
        row_number() over (partition by a.{{ by_key.replace(', ', ', a.') }} order by a.{{ order | join(', a.') }}) as arrival
    from keyed as a
    inner join repeated_keys as b
        on
            {{ same_key }}

),

repeats as (

    select
        {%- for name in names %}
        a.{{ name }},
        {%- endfor %}
        count(*) as duplicate_count,
        {%- if compare %}
        count(
            case
                when
                    {{ aliases.same_values | join('\n                    and ') or '1 = 1' }}
                    then 1
            end
        ) as exact_count,
        {%- else %}
        cast(null as bigint) as exact_count,
        {%- endif %}
        {%- if ingest_column %}
        count(case when {{ ml_monitor.minutes_between('a.first_ingest_time', 'a.ingest_time') }} > {{ replay_after_minutes }} then 1 end) as replay_count
        {%- else %}
        cast(null as bigint) as replay_count
        {%- endif %}
    from repeated as a
    inner join repeated as b
        on
            {{ same_key }}
            and b.arrival = 1
    where a.arrival > 1
    {%- if groups %}
    group by a.{{ names | join(', a.') }}
    {%- endif %}

),

totals as (

    select
        {%- for name in names %}
        {{ name }},
        {%- endfor %}
        count(*) as row_count,
        count(case when {{ aliases.keys | join(' is not null and ') }} is not null then 1 end) as keyed_count,
        {{ 'count(ingest_time)' if ingest_column else '0' }} as ingest_count
    from keyed
    {%- if groups %}
    group by {{ names | join(', ') }}
    {%- endif %}

),

counted as (

    select
        a.*,
        coalesce(b.duplicate_count, 0) as duplicate_count,
        {{ 'coalesce(b.exact_count, 0)' if compare else 'b.exact_count' }} as exact_duplicate_count,
        {{ 'coalesce(b.duplicate_count - b.exact_count, 0)' if compare else 'b.exact_count' }} as conflicting_duplicate_count,
        case when a.ingest_count > 0 then coalesce(b.replay_count, 0) end as replay_count
    from totals as a
    left join repeats as b on {{ ml_monitor.same_group('a', 'b', names) }}

),

final as (

    select
        {%- for group in groups %}
        group_{{ loop.index }} as {{ group }},
        {%- endfor %}
        row_count,
        keyed_count,
        duplicate_count,
        exact_duplicate_count,
        conflicting_duplicate_count,
        replay_count,
        {%- for name in ['duplicate', 'exact_duplicate', 'conflicting_duplicate', 'replay'] %}
        {{ ml_monitor.ratio(name ~ '_count', 'keyed_count') }} as {{ name }}_rate{{ ',' if not loop.last }}
        {%- endfor %}
    from counted

)

select * from final
{%- endmacro %}


{#-
  The columns of a relation less some, quoted; asks the database.
  Arguments: relation (relation or `(select ...)`), keys, ignored (lists of SQL names). Raises: an ignored column that is not there.
-#}
{% macro other_columns(relation, keys, ignored) %}
    {%- set found = dbt.get_columns_in_query('select * from ' ~ ml_monitor.aliased(relation, 'all_rows')) -%}
    {%- set ns = namespace(left_out=[], others=[], names=[]) -%}
    {%- for name in found -%}{%- set ns.names = ns.names + [name | lower] -%}{%- endfor -%}
    {%- for name in keys + ignored -%}
        {%- set ns.left_out = ns.left_out + [name.strip('"`') | lower] -%}
        {%- if name in ignored and ns.left_out[-1] not in ns.names -%}
            {%- do exceptions.raise_compiler_error('ml_monitor.uniqueness: ignore has ' ~ name ~ ', which is no column. Allowed: '
                ~ found | join(', ')
                ~ '. Write\n    - ml_monitor.uniqueness:\n        arguments: {keys: [' ~ keys | join(', ') ~ '], ignore: [' ~ found[-1] ~ '], fail: {conflicting_duplicate_rate: 0}}') -%}
        {%- endif -%}
    {%- endfor -%}
    {%- for name in found if name | lower not in ns.left_out -%}
        {%- set ns.others = ns.others + [adapter.quote(name)] -%}
    {%- endfor -%}
    {%- do return(ns.others) -%}
{% endmacro %}

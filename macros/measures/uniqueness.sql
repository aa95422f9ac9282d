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
        {%- do exceptions.raise_compiler_error(
            'ml_monitor.uniqueness: keys is empty. Allowed: a list of columns. '
            'Write\n    - ml_monitor.uniqueness:\n        arguments: {keys: [prediction_id], fail: {duplicate_rate: 0}}'
        ) -%}
    {%- endif -%}
    {%- set groups = ml_monitor.groups(group_by) -%}
    {%- set ignored = ([ingest_column] if ingest_column else []) if ignore is none else ml_monitor.group_columns(ignore) -%}
    {%- set known = keys + ml_monitor.group_columns(group_by) -%}
    {%- set compared = ml_monitor.other_columns(relation, known, ignored) if compare and execute else [] -%}
    {%- set ns = namespace(inputs=[], keys=[], same_key=[], values=[], same_values=[]) -%}
    {%- for column in compared -%}
        {%- set ns.inputs = ns.inputs + [column ~ ' as value_' ~ loop.index] -%}
        {%- set ns.values = ns.values + ['value_' ~ loop.index] -%}
        {%- set ns.same_values = ns.same_values + ['a.value_' ~ loop.index ~ ' is not distinct from b.value_' ~ loop.index] -%}
    {%- endfor -%}
    {%- for key in keys -%}
        {%- set ns.inputs = ns.inputs + [key ~ ' as key_' ~ loop.index] -%}
        {%- set ns.keys = ns.keys + ['key_' ~ loop.index] -%}
        {%- set ns.same_key = ns.same_key + ['a.key_' ~ loop.index ~ ' = b.key_' ~ loop.index] -%}
    {%- endfor -%}
    {%- set same_key = (ns.same_key + [ml_monitor.same_group('a', 'b', groups.names)]) | join('\n            and ') -%}
    {%- set has_key = ns.keys | join(' is not null and ') ~ ' is not null' -%}
    {%- set of_key = 'partition by a.' ~ (groups.names + ns.keys) | join(', a.') -%}
    {%- set order = ((['ingest_time'] if ingest_column else []) + ns.values) or ['key_1'] -%}
with

keyed as (

    select
        {{ groups.inputs }}{{ ingest_column or 'cast(null as timestamp)' }} as ingest_time,
        {{ ns.inputs | join(',\n        ') }}
    from {{ ml_monitor.aliased(relation, 'all_rows') }}

),

-- Only rows of repeated keys are sorted and compared.
repeated_keys as (

    select {{ groups.columns }}{{ ns.keys | join(', ') }}
    from keyed
    where {{ has_key }}
    group by {{ groups.columns }}{{ ns.keys | join(', ') }}
    having count(*) > 1

),

repeated as (

    select
        a.*,
        min(a.ingest_time) over ({{ of_key }}) as first_ingest_time,
        row_number() over ({{ of_key }} order by a.{{ order | join(', a.') }}) as arrival
    from keyed as a
    inner join repeated_keys as b
        on
            {{ same_key }}

),

repeats as (

    select
        {{ groups.columns | replace('group_', 'a.group_') }}count(*) as duplicate_count,
        count(
            case
                when
                    {{ ns.same_values | join('\n                    and ') or '1 = 1' }}
                    then 1
            end
        ) as exact_count,
        count(
            case when {{ ml_monitor.minutes_between('a.first_ingest_time', 'a.ingest_time') }} > {{ replay_after_minutes }} then 1 end
        ) as replay_count
    from repeated as a
    inner join repeated as b
        on
            {{ same_key }}
            and b.arrival = 1
    where a.arrival > 1
    {{- groups.by | replace('group_', 'a.group_') }}

),

totals as (

    select
        {{ groups.columns }}count(*) as row_count,
        count(case when {{ has_key }} then 1 end) as keyed_count,
        count(ingest_time) as ingest_count
    from keyed
    {{- groups.by }}

),

counted as (

    select
        a.*,
        coalesce(b.duplicate_count, 0) as duplicate_count,
        {{ 'coalesce(b.exact_count, 0)' if compare else 'cast(null as bigint)' }} as exact_duplicate_count,
        {{ 'coalesce(b.duplicate_count - b.exact_count, 0)' if compare else 'cast(null as bigint)' }} as conflicting_duplicate_count,
        case when a.ingest_count > 0 then coalesce(b.replay_count, 0) end as replay_count
    from totals as a
    left join repeats as b on {{ ml_monitor.same_group('a', 'b', groups.names) }}

),

{{ ml_monitor.final_measures('counted', group_by, [
    'row_count', 'keyed_count', 'duplicate_count', 'exact_duplicate_count', 'conflicting_duplicate_count', 'replay_count',
    ['duplicate_rate', 'duplicate_count', 'keyed_count'],
    ['exact_duplicate_rate', 'exact_duplicate_count', 'keyed_count'],
    ['conflicting_duplicate_rate', 'conflicting_duplicate_count', 'keyed_count'],
    ['replay_rate', 'replay_count', 'keyed_count'],
]) }}
{%- endmacro %}


{#-
  The columns of a relation less some, quoted; asks the database.
  Arguments: relation (relation or `(select ...)`), keys, ignored (lists of SQL names). Raises: an ignored column that is not there.
-#}
{% macro other_columns(relation, keys, ignored) %}
    {%- set found = dbt.get_columns_in_query('select * from ' ~ ml_monitor.aliased(relation, 'all_rows')) -%}
    {%- set names = found | map('lower') | list -%}
    {%- set ns = namespace(left_out=[], others=[]) -%}
    {%- for name in keys + ignored -%}
        {%- set ns.left_out = ns.left_out + [name.strip('"`') | lower] -%}
        {%- if name in ignored and ns.left_out[-1] not in names -%}
            {%- do exceptions.raise_compiler_error(
                'ml_monitor.uniqueness: ignore has ' ~ name ~ ', which is no column. Allowed: ' ~ found | join(', ')
                ~ '. Write\n    - ml_monitor.uniqueness:\n        arguments: {keys: [' ~ keys | join(', ') ~ '], ignore: [' ~ found[-1]
                ~ '], fail: {conflicting_duplicate_rate: 0}}'
            ) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- for name in found if name | lower not in ns.left_out -%}
        {%- set ns.others = ns.others + [adapter.quote(name)] -%}
    {%- endfor -%}
    {%- do return(ns.others) -%}
{% endmacro %}

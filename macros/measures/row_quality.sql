{#-
  The quality score of a relation and its parts, exact on raw rows; needs no pipeline. The formula is that of a monitor: scored_quality.

  Arguments: relation (relation or `(select ...)`), weights (dict of part -> number: the parts that count, all of them as they are asked for below)
    time_column, ingest_column (SQL names), late_after_minutes   freshness: rows that arrive in time, of those with both times
    columns, categorical (lists; categorical are those of columns that are no numbers)   completeness: values that are neither NULL nor NaN
    rules (dict of name -> SQL condition)   validity: a rule that is kept, for a row; NULL is unknown and left out
    keys (list of SQL names)                uniqueness: rows that do not repeat a key, of those with a whole key
    hard_rules (dict of name -> SQL condition): rules that no row may break, group_by (list of SQL names)
  Returns: a select of one row, or of one per group; none if there are no rows:
    row_count; freshness, completeness, validity, uniqueness, 0 to 1 (NULL if not asked for, or without anything to count)
    quality_score   NULL if a part that is asked for is; 0 if a hard rule is broken
    hard_rule, broken_rows   the first of hard_rules that is broken, and by how many rows; or what makes a part blind: `values_of_<column>`
      if a column has no value at all, `known_<rule>` if a rule is unknown for every row
-#}
{% macro row_quality(relation, weights, time_column=none, ingest_column=none, late_after_minutes=60, columns=none, categorical=none, rules=none, keys=none, hard_rules=none, group_by=none) %}
    {%- set columns = columns or [] -%}
    {%- set rules = rules or {} -%}
    {%- set keys = ml_monitor.group_columns(keys) -%}
    {%- set groups = ml_monitor.group_keys(group_by) | join(', ') -%}
    {%- set ns = namespace(hard=[], missing=[], invalid=[], known=[], keys=[], undefined=[]) -%}
    {%- for name in (hard_rules or {}) -%}{%- set ns.hard = ns.hard + [[name, 'hard_' ~ loop.index]] -%}{%- endfor -%}
    {%- for name in columns -%}
        {%- set ns.missing = ns.missing + ['missing_' ~ loop.index] -%}
        {%- set ns.hard = ns.hard + [['values_of_' ~ name, 'case when missing_' ~ loop.index ~ ' = row_count then row_count else 0 end']] -%}
    {%- endfor -%}
    {%- for name in rules -%}
        {%- set ns.invalid = ns.invalid + ['invalid_' ~ loop.index] -%}
        {%- set ns.known = ns.known + ['known_' ~ loop.index] -%}
        {%- set ns.hard = ns.hard + [['known_' ~ name, 'case when known_' ~ loop.index ~ ' = 0 then row_count else 0 end']] -%}
    {%- endfor -%}
    {%- for key in keys -%}{%- set ns.keys = ns.keys + ['key_' ~ loop.index] -%}{%- endfor -%}
    {%- for part, weight in weights.items() if weight > 0 -%}{%- set ns.undefined = ns.undefined + ['scored.' ~ part ~ ' is null'] -%}{%- endfor -%}
with

flagged as (

    select
        {{ ml_monitor.group_inputs(group_by) }}
        {%- if time_column and ingest_column %},
        case when {{ time_column }} is not null and {{ ingest_column }} is not null then 1 else 0 end as is_timed,
        case when {{ ml_monitor.minutes_between(time_column, ingest_column) }} > {{ late_after_minutes }} then 1 else 0 end as is_late
        {%- endif %}
        {%- for column in columns %},
        case when {{ column }} is null{{ ' or ' ~ ml_monitor.is_nan(ml_monitor.float64(column)) if column not in (categorical or []) }} then 1 else 0 end as missing_{{ loop.index }}
        {%- endfor %}
        {%- for condition in rules.values() %},
        case when not ({{ condition }}) then 1 else 0 end as invalid_{{ loop.index }},
        case when ({{ condition }}) is null then 0 else 1 end as known_{{ loop.index }}
        {%- endfor %}
        {%- for condition in (hard_rules or {}).values() %},
        case when not ({{ condition }}) then 1 else 0 end as hard_{{ loop.index }}
        {%- endfor %}
        {%- for key in keys %},
        {{ key }} as key_{{ loop.index }}
        {%- endfor %}
    from {{ ml_monitor.aliased(relation, 'all_rows') }}

),

{% if keys -%}
rows_by_key as (

    select {{ groups }}, count(*) as same_keys
    from flagged
    where {{ ns.keys | join(' is not null and ') }} is not null
    group by {{ groups }}, {{ ns.keys | join(', ') }}

),

key_counts as (

    select {{ groups }}, sum(same_keys) as logged_rows, sum(same_keys - 1) as duplicate_rows
    from rows_by_key
    group by {{ groups }}

),

{% endif -%}
sums as (

    select
        {{ groups }},
        {%- for name in ns.missing + ns.invalid + ns.known %}
        sum({{ name }}) as {{ name }},
        {%- endfor %}
        {%- for name in hard_rules or {} %}
        sum(hard_{{ loop.index }}) as hard_{{ loop.index }},
        {%- endfor %}
        {{ 'sum(is_timed)' if time_column and ingest_column else '0' }} as timed_rows,
        {{ 'sum(is_late)' if time_column and ingest_column else '0' }} as late_rows,
        count(*) as row_count
    from flagged
    group by {{ groups }}

),

counted as (

    select
        sums.*,
        {{ ns.missing | join(' + ') or 0 }} as missing_values,
        row_count * {{ columns | length }} as expected_values,
        {{ ns.invalid | join(' + ') or 0 }} as invalid_values,
        {{ ns.known | join(' + ') or 0 }} as checked_values,
        {{ 'coalesce(key_counts.duplicate_rows, 0)' if keys else 0 }} as duplicate_rows,
        {{ 'coalesce(key_counts.logged_rows, 0)' if keys else 0 }} as logged_rows
    from sums
    {%- if keys %}
    left join key_counts on {{ ml_monitor.same_group('sums', 'key_counts', ml_monitor.group_aliases(group_by)) }}
    {%- endif %}

),

{% set broken -%}
case
    {%- for name, broken_rows in ns.hard %}
    when {{ broken_rows }} > 0 then {{ ml_monitor.string_literal(name) }}
    {%- endfor %}
    else {{ 'cast(null as ' ~ ml_monitor.text_type() ~ ')' }}
end
{%- endset -%}
{{ ml_monitor.scored_quality('counted', weights, broken if ns.hard else 'cast(null as ' ~ ml_monitor.text_type() ~ ')') }}

final as (

    select
        {{ ml_monitor.group_outputs(group_by, 'scored') }}row_count,
        {%- for part, _, _ in ml_monitor.quality_part_counts() %}
        {{ part }},
        {%- endfor %}
        case when hard_rule is not null or not ({{ ns.undefined | join(' or ') }}) then quality_score end as quality_score,
        hard_rule,
        {%- if ns.hard %}
        case
            {%- for name, broken_rows in ns.hard %}
            when {{ broken_rows }} > 0 then {{ broken_rows }}
            {%- endfor %}
            else 0
        end as broken_rows
        {%- else %}
        0 as broken_rows
        {%- endif %}
    from scored

)

select * from final
{%- endmacro %}

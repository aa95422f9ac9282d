{#-
  The quality score of a relation and its parts, exact on raw rows; needs no pipeline. The formula is that of a monitor: scored_quality.

  Arguments:
    relation (relation or `(select ...)`), weights (dict of part -> number: exactly the parts that are asked for below)
    time_column, ingest_column (SQL names), late_after_minutes   freshness: rows that arrive in time, of those with both times
    columns, categorical (lists; categorical: those of columns that are no numbers)   completeness: values that are neither NULL nor NaN
    rules (dict of name -> SQL condition)   validity: a rule that is kept, for a row; NULL is unknown and left out
    keys (list of SQL names)                uniqueness: rows that do not repeat a key, of those with a whole key
    hard_rules (dict of name -> SQL condition): rules that no row may break
    group_by (list of SQL names)
  Returns: a select of one row, or of one per group; none if there are no rows:
    row_count
    freshness, completeness, validity, uniqueness   0 to 1; NULL if not asked for, or without anything to count
    quality_score            NULL if a part that is asked for is NULL; 0 if a hard rule is broken
    hard_rule, broken_rows   the first of hard_rules that is broken, and by how many rows; or why a part cannot be seen:
      `values_of_<column>` if a column has no value at all, `known_<rule>` if a rule is unknown for every row
-#}
{% macro row_quality(
    relation, weights, time_column=none, ingest_column=none, late_after_minutes=60, columns=none, categorical=none, rules=none, keys=none,
    hard_rules=none, group_by=none
) %}
    {%- set columns = columns or [] -%}
    {%- set rules = rules or {} -%}
    {%- set hard_rules = hard_rules or {} -%}
    {%- set keys = ml_monitor.group_columns(keys) -%}
    {%- set groups = ml_monitor.groups(group_by, or_one=true) -%}
    {#- `flags` are conditions on a row, by the name of their sum; `hard` are the hard rules: name and SQL of the rows that break it. -#}
    {%- set ns = namespace(hard=[], missing=[], invalid=[], known=[], keys=[], undefined=[]) -%}
    {%- set flags = {'timed_rows': '1 = 0', 'late_rows': '1 = 0'} -%}
    {%- if time_column and ingest_column -%}
        {%- do flags.update({
            'timed_rows': time_column ~ ' is not null and ' ~ ingest_column ~ ' is not null',
            'late_rows': ml_monitor.minutes_between(time_column, ingest_column) ~ ' > ' ~ late_after_minutes,
        }) -%}
    {%- endif -%}
    {%- for name, condition in hard_rules.items() -%}
        {%- do flags.update({'hard_' ~ loop.index: 'not (' ~ condition ~ ')'}) -%}
        {%- set ns.hard = ns.hard + [[name, 'hard_' ~ loop.index]] -%}
    {%- endfor -%}
    {%- for name in columns -%}
        {%- set is_nan = ' or ' ~ ml_monitor.is_nan(ml_monitor.float64(name)) if name not in (categorical or []) else '' -%}
        {%- do flags.update({'missing_' ~ loop.index: name ~ ' is null' ~ is_nan}) -%}
        {%- set ns.missing = ns.missing + ['missing_' ~ loop.index] -%}
        {%- set unseen_rows = 'case when missing_' ~ loop.index ~ ' = row_count then row_count else 0 end' -%}
        {%- set ns.hard = ns.hard + [['values_of_' ~ name, unseen_rows]] -%}
    {%- endfor -%}
    {%- for name, condition in rules.items() -%}
        {%- do flags.update({'invalid_' ~ loop.index: 'not (' ~ condition ~ ')'}) -%}
        {%- do flags.update({'known_' ~ loop.index: '(' ~ condition ~ ') is not null'}) -%}
        {%- set ns.invalid = ns.invalid + ['invalid_' ~ loop.index] -%}
        {%- set ns.known = ns.known + ['known_' ~ loop.index] -%}
        {%- set ns.hard = ns.hard + [['known_' ~ name, 'case when known_' ~ loop.index ~ ' = 0 then row_count else 0 end']] -%}
    {%- endfor -%}
    {%- for part, weight in weights.items() if weight > 0 -%}
        {%- set ns.undefined = ns.undefined + [part ~ ' is null'] -%}
    {%- endfor -%}
    {%- set broken = namespace(name='', rows='') -%}
    {%- for name, rows in ns.hard -%}
        {%- set broken.name = broken.name ~ '\n    when ' ~ rows ~ ' > 0 then ' ~ ml_monitor.string_literal(name) -%}
        {%- set broken.rows = broken.rows ~ '\n    when ' ~ rows ~ ' > 0 then ' ~ rows -%}
    {%- endfor -%}
    {%- set no_rule = 'cast(null as ' ~ ml_monitor.text_type() ~ ')' -%}
with

{% if keys -%}
rows_by_key as (

    select {{ groups.inputs }}count(*) as same_keys
    from {{ ml_monitor.aliased(relation, 'all_rows') }}
    where {{ keys | join(' is not null and ') }} is not null
    group by {{ (ml_monitor.group_columns(group_by) + keys) | join(', ') }}

),

key_counts as (

    select {{ groups.columns }}sum(same_keys) as logged_rows, sum(same_keys - 1) as duplicate_rows
    from rows_by_key
    {{- groups.by }}

),

{% endif -%}
sums as (

    select
        {{ groups.inputs }}count(*) as row_count
        {{- ml_monitor.condition_counts(flags) }}
    from {{ ml_monitor.aliased(relation, 'all_rows') }}
    {{- groups.by_inputs }}

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
    left join key_counts on {{ ml_monitor.same_group('sums', 'key_counts', groups.names) }}
    {%- endif %}

),

{% set hard_rule = 'case' ~ broken.name ~ '\n    else ' ~ no_rule ~ '\nend' -%}
{% set broken_rows = 'case' ~ broken.rows ~ '\n    else 0\nend' -%}
{{ ml_monitor.scored_quality('counted', weights, hard_rule if ns.hard else no_rule) }}

{{ ml_monitor.final_measures('scored', group_by, ['row_count', 'freshness', 'completeness', 'validity', 'uniqueness'] + [
    ['quality_score', 'case when hard_rule is not null or not (' ~ ns.undefined | join(' or ') ~ ') then quality_score end'],
    'hard_rule',
    ['broken_rows', broken_rows | indent(8) if ns.hard else 0],
]) }}
{%- endmacro %}

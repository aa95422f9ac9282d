{#-
  How many rows break rules that every row must keep, exact on raw rows; needs no pipeline.

  Arguments: relation (relation or `(select ...)`), rules (dict of name -> SQL condition over the columns of one row), group_by (list of
    SQL names, optional).
  Returns: a select of one row for each rule, or for each rule and group with its columns:
    rule, row_count
    violation_count   rows for which the condition is false
    unknown_count     rows for which it is NULL, because a column it reads is
    known_count       the others: rows for which it is true or false
    violation_rate    violation_count / known_count
  Raises: rules that are no dict, or empty.
-#}
{% macro row_rules(relation, rules, group_by=none) %}
    {%- do ml_monitor.check_row_rules(rules, 'this relation') -%}
    {%- set groups = ml_monitor.groups(group_by) -%}
    {%- set counts = {} -%}
    {%- for condition in rules.values() -%}
        {%- do counts.update({
            'violation_count_' ~ loop.index: 'not (' ~ condition ~ ')',
            'unknown_count_' ~ loop.index: '(' ~ condition ~ ') is null',
        }) -%}
    {%- endfor -%}
with

counted as (

    select
        {{ groups.inputs }}count(*) as row_count
        {{- ml_monitor.condition_counts(counts) }}
    from {{ ml_monitor.aliased(relation, 'all_rows') }}
    {{- groups.by_inputs }}

),

by_rule as (
    {%- for rule in rules %}
    {{- '\n    union all' if not loop.first }}
    select
        {{ groups.columns }}{{ ml_monitor.string_literal(rule) }} as rule,
        row_count,
        violation_count_{{ loop.index }} as violation_count,
        unknown_count_{{ loop.index }} as unknown_count,
        row_count - unknown_count_{{ loop.index }} as known_count
    from counted
    {%- endfor %}

),

{{ ml_monitor.final_measures('by_rule', group_by, [
    'rule', 'row_count', 'violation_count', 'unknown_count', 'known_count', ['violation_rate', 'violation_count', 'known_count'],
]) }}
{%- endmacro %}

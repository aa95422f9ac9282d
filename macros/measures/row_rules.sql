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
    {%- set groups = ml_monitor.group_columns(group_by) -%}
with

counted as (

    select
        {%- for group in groups %}
        {{ group }} as group_{{ loop.index }},
        {%- endfor %}
        {%- for condition in rules.values() %}
        count(case when not ({{ condition }}) then 1 end) as violation_count_{{ loop.index }},
        count(case when ({{ condition }}) is null then 1 end) as unknown_count_{{ loop.index }},
        {%- endfor %}
        count(*) as row_count
    from {{ ml_monitor.aliased(relation, 'all_rows') }}
    {%- if groups %}
    group by {{ groups | join(', ') }}
    {%- endif %}

),

by_rule as (
    {% for rule in rules.keys() %}
    {%- set number = loop.index %}
    select
        {%- for group in groups %}
        group_{{ loop.index }},
        {%- endfor %}
        {{ ml_monitor.string_literal(rule) }} as rule,
        row_count,
        violation_count_{{ number }} as violation_count,
        unknown_count_{{ number }} as unknown_count
    from counted
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}

),

final as (

    select
        {%- for group in groups %}
        group_{{ loop.index }} as {{ group }},
        {%- endfor %}
        rule,
        row_count,
        violation_count,
        unknown_count,
        row_count - unknown_count as known_count,
        {{ ml_monitor.ratio('violation_count', '(row_count - unknown_count)') }} as violation_rate
    from by_rule

)

select * from final
{%- endmacro %}


{#- Raises if rules are not a dict of name -> condition. Arguments: rules, about (string, for the message). -#}
{% macro check_row_rules(rules, about) %}
    {%- if rules is not mapping or not rules -%}
        {%- do exceptions.raise_compiler_error('ml_monitor.row_rules on ' ~ about ~ ': rules is ' ~ rules ~ '. Allowed: a dict of name -> SQL condition. '
            ~ 'Write\n    - ml_monitor.row_rules:\n        arguments: {rules: {ends_after_start: "end_time >= start_time"}, fail: 0}') -%}
    {%- endif -%}
{% endmacro %}

{#-
  Fails when too many rows break a rule.

  Arguments:
    rules (dict of name -> SQL condition that every row must keep; false breaks it, NULL is unknown and left out)
    warn, fail: the highest violation_rate (0 to 1), a number for all rules or a dict of rule -> number
    min_rows (default 1: fewer rows for which the rule is known only warn), group_by (list of columns, optional)
  Rows: status, metric, value, threshold, message: one per broken rule, which the message names.
  Raises: rules that are no dict; no limit; a limit of a rule that is not there.
-#}
{% test row_rules(model, rules, warn=none, fail=none, min_rows=1, group_by=none) %}
{%- set group_by = ml_monitor.groups_apart(group_by) -%}
{%- set about = ml_monitor.test_subject(model) -%}
{%- do ml_monitor.check_row_rules(rules, about) -%}
{%- set ns = namespace(faults=[], parts=[]) -%}
{%- if (warn is none or warn == {}) and (fail is none or fail == {}) -%}
    {%- set ns.faults = ['no limit is given. Allowed: warn, fail'] -%}
{%- endif -%}
{%- for side, limit in [['warn', warn], ['fail', fail]] if limit is not none -%}
    {%- if limit is mapping -%}
        {%- for rule, number in limit.items() -%}
            {%- if rule not in rules -%}
                {%- set ns.faults = ns.faults + [side ~ ' has unknown rule ' ~ rule ~ '. Allowed: ' ~ rules.keys() | join(', ')] -%}
            {%- elif number is not number or number is boolean -%}
                {%- set ns.faults = ns.faults + [side ~ '.' ~ rule ~ ' is ' ~ number ~ '. Allowed: a number'] -%}
            {%- endif -%}
        {%- endfor -%}
    {%- elif limit is not number or limit is boolean -%}
        {%- set ns.faults = ns.faults + [side ~ ' is ' ~ limit ~ '. Allowed: a number, or a dict of rule -> number'] -%}
    {%- endif -%}
{%- endfor -%}
{%- if ns.faults -%}
    {%- do exceptions.raise_compiler_error('ml_monitor.row_rules on ' ~ about ~ ': ' ~ ns.faults | join('\n  ')
        ~ '. Write\n    - ml_monitor.row_rules:\n        arguments: {rules: {'
        ~ (rules.keys() | first) ~ ': "' ~ (rules.values() | first) ~ '"}, fail: 0}') -%}
{%- endif -%}
{%- for rule in rules -%}
    {%- set part = {'about': about ~ ', rule ' ~ rule, 'warn': {}, 'fail': {},
        'from': '(select * from measured where rule = ' ~ ml_monitor.string_literal(rule) ~ ') as rule_' ~ loop.index} -%}
    {%- for side, limit in [['warn', warn], ['fail', fail]] if limit is not none and (limit is not mapping or rule in limit) -%}
        {%- do part[side].update({'violation_rate': limit[rule] if limit is mapping else limit}) -%}
    {%- endfor -%}
    {%- set ns.parts = ns.parts + [part] -%}
{%- endfor -%}
{{ ml_monitor.limits_test(
    'row_rules', about, ml_monitor.row_rules(model, rules, group_by), parts=ns.parts,
    limits=[['violation_rate', 'above', '{violation_count} of {known_count} rows; unknown for {unknown_count}']],
    warn=warn, fail=fail, min_rows=min_rows, group_by=group_by, rows='known_count'
) }}
{% endtest %}

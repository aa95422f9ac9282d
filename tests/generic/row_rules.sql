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
{{- ml_monitor.configure_limits_test() -}}
{%- set text = ml_monitor.text_type() -%}
{%- set about = ml_monitor.test_subject(model) -%}
{%- do ml_monitor.check_row_rules(rules, about) -%}
{%- set example = '\n    - ml_monitor.row_rules:\n        arguments: {rules: {' ~ (rules.keys() | first) ~ ': "' ~ (rules.values() | first) ~ '"}, fail: 0}' -%}
{%- set ns = namespace(faults=[], judged=[]) -%}
{%- if (warn is none or warn == {}) and (fail is none or fail == {}) -%}
    {%- set ns.faults = ns.faults + ['no limit is given. Allowed: warn, fail'] -%}
{%- endif -%}
{%- for side, limit in [['warn', warn], ['fail', fail]] -%}
    {%- if limit is mapping -%}
        {%- for rule, number in limit.items() -%}
            {%- if rule not in rules -%}
                {%- set ns.faults = ns.faults + [side ~ ' has unknown rule ' ~ rule ~ '. Allowed: ' ~ rules.keys() | join(', ')] -%}
            {%- elif number is not number or number is boolean -%}
                {%- set ns.faults = ns.faults + [side ~ '.' ~ rule ~ ' is ' ~ number ~ '. Allowed: a number'] -%}
            {%- endif -%}
        {%- endfor -%}
    {%- elif limit is not none and (limit is not number or limit is boolean) -%}
        {%- set ns.faults = ns.faults + [side ~ ' is ' ~ limit ~ '. Allowed: a number, or a dict of rule -> number'] -%}
    {%- endif -%}
{%- endfor -%}
{%- if ns.faults -%}
    {%- do exceptions.raise_compiler_error('ml_monitor.row_rules on ' ~ about ~ ': ' ~ ns.faults | join('\n  ') ~ '. Write' ~ example) -%}
{%- endif -%}
{%- for rule in rules -%}
    {%- set limits = namespace(warn={}, fail={}) -%}
    {%- if warn is not none and (warn is not mapping or rule in warn) -%}
        {%- set limits.warn = {'violation_rate': warn[rule] if warn is mapping else warn} -%}
    {%- endif -%}
    {%- if fail is not none and (fail is not mapping or rule in fail) -%}
        {%- set limits.fail = {'violation_rate': fail[rule] if fail is mapping else fail} -%}
    {%- endif -%}
    {%- if limits.warn or limits.fail -%}
        {%- set ns.judged = ns.judged + [[rule, limits.warn, limits.fail]] -%}
    {%- endif -%}
{%- endfor -%}
with

measured as (

    {{ ml_monitor.row_rules(model, rules, group_by) | indent(4) }}

),

{% for rule, _, _ in ns.judged -%}
rule_{{ loop.index }} as (

    select * from measured where rule = {{ ml_monitor.string_literal(rule) }}

),

{% endfor -%}
final as (
    {%- for rule, warn_limits, fail_limits in ns.judged %}
    {{ ml_monitor.judge_limits(
        values='rule_' ~ loop.index, test='row_rules', about=about ~ ', rule ' ~ rule, limits=[['violation_rate', 'above']],
        warn=warn_limits, fail=fail_limits, rows='known_count', min_rows=min_rows, group_by=group_by,
        detail="' (' || cast(violation_count as " ~ text ~ ") || ' of ' || cast(known_count as " ~ text ~ ") || ' rows; unknown for ' || cast(unknown_count as " ~ text ~ ") || ')'"
    ) }}
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}

)

select * from final
{% endtest %}

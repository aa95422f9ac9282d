{#-
  Fails when rows are late, missing, invalid or repeated, all together: by the weighted mean of what is well; or when a hard rule is broken,
  whatever the score.
  Arguments, which decide the parts that count:
    time_column, ingest_column, late_after_minutes (default 60)   freshness
    columns (list), categorical (list: those of columns that are no numbers)   completeness
    rules (dict of name -> SQL condition that a row keeps)   validity
    keys (list of columns)   uniqueness
    weights (dict of part -> number, default 1 for each), hard_rules (dict of name -> SQL condition that every row keeps)
    warn, fail (numbers, 0 to 1: lower limits of the score); min_rows (default 1: fewer only warn), group_by (list of columns)
  Rows: status, metric (quality_score, hard_rule), value, threshold, message with the parts.
-#}
{% test quality_score(
    model, time_column=none, ingest_column=none, late_after_minutes=60, columns=none, categorical=none, rules=none, keys=none, weights=none,
    hard_rules=none, warn=none, fail=none, min_rows=1, group_by=none
) %}
{%- set group_by = ml_monitor.groups_apart(group_by) -%}
{%- set about = ml_monitor.test_subject(model) -%}
{%- set given = {'freshness': time_column and ingest_column, 'completeness': columns, 'validity': rules, 'uniqueness': keys} -%}
{%- set needed = {'freshness': 'time_column and ingest_column', 'completeness': 'columns', 'validity': 'rules', 'uniqueness': 'keys'} -%}
{%- set ns = namespace(faults=[], weights={}, shown=[]) -%}
{%- if not given.values() | select | list -%}
    {%- set ns.faults = ns.faults + ['no part is given. Allowed: ' ~ needed.values() | join(', ')] -%}
{%- endif -%}
{%- if (time_column is none) != (ingest_column is none) -%}
    {%- set ns.faults = ns.faults + ['freshness needs both time_column and ingest_column'] -%}
{%- endif -%}
{%- if columns is string or (columns is not none and columns is not iterable) -%}
    {%- set ns.faults = ns.faults + ['columns is ' ~ columns ~ '. Allowed: a list of columns'] -%}
{%- else -%}
    {%- for column in categorical or [] if column not in (columns or []) -%}
        {%- set ns.faults = ns.faults + ['categorical has ' ~ column ~ ', which is not one of columns'] -%}
    {%- endfor -%}
{%- endif -%}
{%- for name, value in {'rules': rules, 'hard_rules': hard_rules}.items() if value is not none -%}
    {%- set ns.faults = ns.faults + ml_monitor.dict_faults(name, value, "{positive: 'amount > 0'}") -%}
{%- endfor -%}
{%- if weights is not none and weights is not mapping -%}
    {%- set ns.faults = ns.faults + ml_monitor.dict_faults('weights', weights, '{completeness: 2}') -%}
{%- else -%}
    {%- for part, weight in (weights or {}).items() -%}
        {%- if part not in given -%}
            {%- set ns.faults = ns.faults + ['weights has unknown part ' ~ part ~ '. Allowed: ' ~ given.keys() | join(', ')] -%}
        {%- elif not given[part] -%}
            {%- set ns.faults = ns.faults + ['weights has ' ~ part ~ ', which needs ' ~ needed[part]] -%}
        {%- elif weight is not number or weight is boolean or weight < 0 -%}
            {%- set ns.faults = ns.faults + ['weights.' ~ part ~ ' is ' ~ weight ~ '. Allowed: a number, 0 or more'] -%}
        {%- endif -%}
    {%- endfor -%}
    {%- for part in given if given[part] -%}
        {%- do ns.weights.update({part: (weights or {}).get(part, 1)}) -%}
        {%- set score = 'coalesce(' ~ ml_monitor.number_text(part, 4) ~ ", 'undefined')" -%}
        {%- set ns.shown = ns.shown + [part ~ ' {' ~ score ~ '} by weight ' ~ ns.weights[part]] -%}
    {%- endfor -%}
    {%- if not ns.faults and ns.weights.values() | sum == 0 -%}
        {%- set ns.faults = ['weights has only zeros. Allowed: at least one above 0'] -%}
    {%- endif -%}
{%- endif -%}
{%- set limits = [{'quality_score': warn} if warn is not none else {}, {'quality_score': fail} if fail is not none else {}] -%}
{%- set faults = ns.faults + ml_monitor.limit_faults(limits[0], limits[1], ['quality_score'], is_plain=true) -%}
{%- set example = '{columns: [amount, plan], categorical: [plan], keys: [id], weights: {completeness: 2}, fail: 0.95}' -%}
{%- do ml_monitor.raise_argument_faults('quality_score', about, faults, example) -%}
{%- set detail = ns.shown | join(', ') ~ '; {row_count} rows' -%}
{#- A broken hard rule is a finding of its own. #}
{%- set broken = 'quality_score 0: hard rule {hard_rule} is broken by {broken_rows} rows (' ~ detail ~ ')' -%}
{%- set message = ml_monitor.string_literal(about ~ ': ') ~ ' || ' ~ ml_monitor.group_text(group_by) ~ ml_monitor.filled_text(broken) -%}
{%- set finding = ml_monitor.finding('fail', 'hard_rule', message, 'quality_score') -%}
{%- set measured = ml_monitor.row_quality(
    model, ns.weights, time_column, ingest_column, late_after_minutes, columns, categorical, rules, keys, hard_rules, group_by
) -%}
{{ ml_monitor.limits_test(
    'quality_score', about, measured, limits=[['quality_score', 'below', detail]], evidence='hard_rule is null',
    more_findings=[finding ~ '\n    from measured\n    where hard_rule is not null'],
    warn=warn, fail=fail, min_rows=min_rows, group_by=group_by, is_plain=true
) }}
{% endtest %}

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
{% test quality_score(model, time_column=none, ingest_column=none, late_after_minutes=60, columns=none, categorical=none, rules=none, keys=none, weights=none, hard_rules=none, warn=none, fail=none, min_rows=1, group_by=none) %}
{{- ml_monitor.configure_limits_test() -}}
{%- set text = ml_monitor.text_type() -%}
{%- set about = ml_monitor.test_subject(model) -%}
{%- set given = {'freshness': time_column and ingest_column, 'completeness': columns, 'validity': rules, 'uniqueness': keys} -%}
{%- set needed = {'freshness': 'time_column and ingest_column', 'completeness': 'columns', 'validity': 'rules', 'uniqueness': 'keys'} -%}
{%- set ns = namespace(faults=[], weights={}, shown=[], total=0) -%}
{%- if not given.values() | select | list -%}{%- set ns.faults = ns.faults + ['no part is given. Allowed: ' ~ needed.values() | join(', ')] -%}{%- endif -%}
{%- if (time_column is none) != (ingest_column is none) -%}{%- set ns.faults = ns.faults + ['freshness needs both time_column and ingest_column'] -%}{%- endif -%}
{%- if columns is string or (columns is not none and columns is not iterable) -%}{%- set ns.faults = ns.faults + ['columns is ' ~ columns ~ '. Allowed: a list of columns'] -%}
{%- else -%}
    {%- for column in categorical or [] if column not in (columns or []) -%}{%- set ns.faults = ns.faults + ['categorical has ' ~ column ~ ', which is not one of columns'] -%}{%- endfor -%}
{%- endif -%}
{%- for name, value in {'rules': rules, 'hard_rules': hard_rules}.items() if value is not none -%}
    {%- set ns.faults = ns.faults + ml_monitor.dict_faults(name, value, "{positive: 'amount > 0'}") -%}
{%- endfor -%}
{%- if weights is not none and weights is not mapping -%}
    {%- set ns.faults = ns.faults + ml_monitor.dict_faults('weights', weights, '{completeness: 2}') -%}
{%- else -%}
    {%- for part, weight in (weights or {}).items() -%}
        {%- if part not in given -%}{%- set ns.faults = ns.faults + ['weights has unknown part ' ~ part ~ '. Allowed: ' ~ given.keys() | join(', ')] -%}
        {%- elif not given[part] -%}{%- set ns.faults = ns.faults + ['weights has ' ~ part ~ ', which needs ' ~ needed[part]] -%}
        {%- elif weight is not number or weight is boolean or weight < 0 -%}{%- set ns.faults = ns.faults + ['weights.' ~ part ~ ' is ' ~ weight ~ '. Allowed: a number, 0 or more'] -%}
        {%- endif -%}
    {%- endfor -%}
    {%- for part in given if given[part] -%}
        {%- do ns.weights.update({part: (weights or {}).get(part, 1)}) -%}
        {%- set ns.shown = ns.shown + ["'" ~ part ~ " ' || coalesce(" ~ ml_monitor.number_text(part, 4) ~ ", 'undefined') || ' by weight " ~ ns.weights[part] ~ "'"] -%}
    {%- endfor -%}
    {%- if not ns.faults and ns.weights.values() | sum == 0 -%}{%- set ns.faults = ['weights has only zeros. Allowed: at least one above 0'] -%}{%- endif -%}
{%- endif -%}
{%- set warn_limits = {'quality_score': warn} if warn is not none else {} -%}
{%- set fail_limits = {'quality_score': fail} if fail is not none else {} -%}
{%- do ml_monitor.raise_argument_faults('quality_score', about, ns.faults + ml_monitor.limit_faults(warn_limits, fail_limits, ['quality_score'], is_plain=true),
    '{columns: [amount, plan], categorical: [plan], keys: [id], weights: {completeness: 2}, fail: 0.95}') -%}
{%- set detail = "' (' || " ~ ns.shown | join(" || ', ' || ") ~ " || '; ' || cast(row_count as " ~ text ~ ") || ' rows)'" -%}
with

measured as (

    {{ ml_monitor.row_quality(model, ns.weights, time_column, ingest_column, late_after_minutes, columns, categorical, rules, keys, hard_rules, group_by) | indent(4) }}

),

final as (
    {#- A broken hard rule has a finding of its own, below. #}
    {{ ml_monitor.judge_limits(
        values='measured', test='quality_score', about=about, limits=[['quality_score', 'below']],
        warn=warn_limits, fail=fail_limits, rows='row_count', min_rows=min_rows, group_by=group_by, evidence='hard_rule is null', is_plain=true, detail=detail
    ) }}
    union all
    select
        'fail' as status,
        'hard_rule' as metric,
        quality_score as value,
        {{ ml_monitor.float64('null') }} as threshold,
        {{ ml_monitor.string_literal(about ~ ': ') }} || {{ ml_monitor.group_text(group_by) }}'quality_score 0: hard rule ' || hard_rule || ' is broken by ' || cast(broken_rows as {{ text }}) || ' rows' || {{ detail }} as message
    from measured
    where hard_rule is not null{{ ' and 1 = 0' if ml_monitor.is_empty_run() }}

)

select * from final
{% endtest %}

{#-
  A generic test with limits, from the select that measures: the whole SQL of the test and its configuration.

  Arguments:
    test (string), about (string: what is tested), both for messages
    measured (SQL: a select of one row, or one for each group; or a dict of CTE name -> SQL)
    limits (list of [name, side, detail]): every column of `measured` that may have a limit. side is `above` or `below`; detail is what the
      message says in parentheses (a text for filled_text; default: the argument `detail`)
    warn, fail (what the user wrote: dicts of name -> number; with is_plain numbers, the limits of the only name)
    min_rows (number): findings on fewer rows only warn
    group_by (list of SQL names, or one name, optional): columns of `measured` that the message names
    rows (SQL: how many rows a value rests on)
    values (dict of name -> SQL): limits that are not the column of their name
    evidence (SQL condition): without it no limit is passed
    parts (list of dicts): limits of several relations, each with what differs from the arguments above: `from` (SQL, default the CTE
      measured), about, limits, warn, fail, rows, group_by. The test has checked warn and fail itself.
    more_findings (list of selects with the columns of a finding)
  Rows: status (warn, fail), metric, value, threshold, message: one per limit that is passed. A missing value fails; one on fewer than
    min_rows rows warns; a relation without any row fails once.
  Raises: the faults of limit_faults.
-#}
{% macro limits_test(
    test, about, measured, limits, warn, fail, min_rows, group_by=none, rows='row_count', detail=none, values={}, evidence=none,
    is_plain=false, parts=none, more_findings=[]
) %}
    {{- ml_monitor.configure_limits_test() -}}
    {%- set text = ml_monitor.text_type() -%}
    {%- if is_plain -%}
        {%- set warn = {limits[0][0]: warn} if warn is not none else {} -%}
        {%- set fail = {limits[0][0]: fail} if fail is not none else {} -%}
    {%- endif -%}
    {%- if parts is none -%}
        {%- set faults = ml_monitor.limit_faults(warn, fail, limits | map('first') | list, is_plain) -%}
        {%- set example = '{fail: ' ~ ('0.2' if is_plain else '{' ~ limits[0][0] ~ ': 1}') ~ '}' -%}
        {%- do ml_monitor.raise_argument_faults(test, about, faults, example) -%}
    {%- endif -%}
    {%- set defaults = {
        'from': 'measured', 'about': about, 'limits': limits, 'warn': warn, 'fail': fail, 'rows': rows, 'group_by': group_by,
    } -%}
    {%- set ns = namespace(judged=[], empty=[]) -%}
    {%- for own in parts or [{}] -%}
        {%- set part = dict(defaults, **own) -%}
        {%- set warned = part.warn or {} -%}
        {%- set failed = part.fail or {} -%}
        {%- for limit in part.limits if limit[0] in warned or limit[0] in failed -%}
            {%- set judged = dict(part, metric=limit[0], side=limit[1], detail=limit[2] or detail, value=values.get(limit[0], limit[0]),
                warn=warned.get(limit[0]), fail=failed.get(limit[0])) -%}
            {%- set ns.judged = ns.judged + [judged] -%}
            {%- if loop.first -%}{%- set ns.empty = ns.empty + [judged] -%}{%- endif -%}
        {%- endfor -%}
    {%- endfor -%}
with

{% for name, select in (measured if measured is mapping else {'measured': measured}).items() -%}
{{ name }} as (

    {{ select | indent(4) }}

),

{% endfor -%}
-- Each limit with its value. Without a status it is not passed.
limits as (
    {%- for limit in ns.judged %}
    {%- set beyond = limit.value ~ (' > ' if limit.side == 'above' else ' < ') %}
    {%- set last = limit.warn if limit.warn is not none else limit.fail %}
    {{- '\n    union all' if not loop.first }}
    select
        {{ ml_monitor.string_literal(limit.about ~ ': ') }} || {{ ml_monitor.group_text(limit.group_by) }}'{{ limit.metric }} ' as subject,
        '{{ limit.metric }}' as metric,
        {{ ml_monitor.float64(limit.value) }} as value,
        {{ limit.rows }} as sample_size,
        case
            {%- if evidence %}
            when not ({{ evidence }}) then null
            {%- endif %}
            {%- if limit.fail is not none %}
            when {{ beyond }}{{ limit.fail }} then 'fail'
            {%- endif %}
            {%- if limit.warn is not none %}
            when {{ beyond }}{{ limit.warn }} then 'warn'
            {%- endif %}
        end as status,
        {%- if limit.warn is not none and limit.fail is not none %}
        {{ ml_monitor.float64('case when ' ~ beyond ~ limit.fail ~ ' then ' ~ limit.fail ~ ' else ' ~ limit.warn ~ ' end') }} as threshold,
        case
            when {{ beyond }}{{ limit.fail }} then ' is {{ limit.side }} {{ limit.fail }}'
            else ' is {{ limit.side }} {{ limit.warn }}'
        end as verdict,
        {%- else %}
        {{ ml_monitor.float64(last) }} as threshold,
        ' is {{ limit.side }} {{ last }}' as verdict,
        {%- endif %}
        {{ 'coalesce(' ~ ml_monitor.filled_text(' (' ~ limit.detail ~ ')') ~ ", '')" if limit.detail else "''" }} as detail
    from {{ limit.from }}
    {%- endfor %}

),

final as (

    select
        case
            when sample_size = 0 then 'fail'
            when sample_size < {{ min_rows }} then 'warn'
            when value is null then 'fail'
            else status
        end as status,
        metric,
        value,
        threshold,
        subject || case
            when sample_size = 0 then 'could not be computed: no rows with a value'
            when sample_size < {{ min_rows }} then 'not evaluated: ' || cast(sample_size as {{ text }}) || ' rows, needs {{ min_rows }}'
            when value is null then 'could not be computed from ' || cast(sample_size as {{ text }}) || ' rows'
            else {{ ml_monitor.number_text('value', 4) }} || verdict
        end || detail as message
    from limits
    where status is not null or value is null or sample_size < {{ min_rows }}
    {%- for part in ns.empty %}
    union all
    {{ ml_monitor.finding('fail', part.metric, ml_monitor.string_literal(part.about ~ ': could not be computed: no rows')) }}
    where not exists (select 1 from {{ part.from }})
    {%- endfor %}
    {%- for select in more_findings %}
    union all
    {{ select }}
    {%- endfor %}

)

select * from final
{%- if ml_monitor.is_empty_run() %}
where 1 = 0
{%- endif %}
{%- endmacro %}

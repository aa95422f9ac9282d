{#-
  Configuration of a generic test that warns and fails from one test: rows carry a status, and dbt counts those that say fail.
-#}
{% macro configure_limits_test() %}
    {{- config(
        fail_calc="coalesce(sum(case when status = 'fail' then 1 else 0 end), 0)",
        error_if='> 0',
        warn_if='>= 0 and count(*) > 0',
    ) -}}
{% endmacro %}


{#-
  Judges the columns of a relation by warn and fail limits: the end of every generic test with limits. The relation has one row,
  or one for each group.

  Arguments:
    values (CTE name), test (string, for messages), about (string: what is judged)
    group_by (list of SQL names of `values`, or one name, optional): what a row speaks of
    limits (list of [column, side]): every column that may have a limit; side is `above` or `below`
    warn, fail (dict of column -> number, or empty)
    is_plain (boolean: the user writes one number and no dict)
    rows (SQL: how many rows the value rests on), min_rows (int)
    evidence (SQL condition without which nothing is a finding, default `1 = 1`)
    detail (SQL text for the end of the message, or a dict of limit -> SQL text, optional)
  Returns: a select with status (warn, fail), metric, value, threshold, message: one row per finding. A value that is missing,
    because the table is empty or the column all NULL, fails; one on fewer rows than min_rows warns. Without any row in `values`
    there is one finding, a failure.
  Raises: the faults of limit_faults.
-#}
{% macro judge_limits(values, test, about, limits, warn, fail, rows, min_rows=1, evidence='1 = 1', detail=none, group_by=none, is_plain=false) %}
    {%- set text = ml_monitor.text_type() -%}
    {%- set group_text = ml_monitor.group_text(group_by) -%}
    {%- set names = limits | map('first') | list -%}
    {%- set sides = dict(limits) -%}
    {%- set example = '{fail: ' ~ ('0.2' if is_plain else '{' ~ names[0] ~ ': 1}') ~ '}' -%}
    {%- do ml_monitor.raise_argument_faults(test, about, ml_monitor.limit_faults(warn, fail, names, is_plain), example) -%}
    {%- set warn = warn or {} -%}
    {%- set fail = fail or {} -%}
    {%- set ns = namespace(judged=[]) -%}
    {%- for name in names if name in warn or name in fail -%}{%- set ns.judged = ns.judged + [name] -%}{%- endfor -%}
    {%- for name in ns.judged %}
    {%- set said = detail.get(name) if detail is mapping else detail -%}
    {%- set sign = '>' if sides[name] == 'above' else '<' %}
    select
        case
            when {{ rows }} = 0 then 'fail'
            when {{ rows }} < {{ min_rows }} then 'warn'
            when {{ name }} is null then 'fail'
            {%- if name in fail %}
            when {{ name }} {{ sign }} {{ fail[name] }} then 'fail'
            {%- endif %}
            else 'warn'
        end as status,
        '{{ name }}' as metric,
        {{ name }} as value,
        {{ ml_monitor.float64('case when ' ~ name ~ ' ' ~ sign ~ ' ' ~ fail[name] ~ ' then ' ~ fail[name] ~ ' else ' ~ warn.get(name, fail[name]) ~ ' end' if name in fail else warn[name]) }} as threshold,
        {{ ml_monitor.string_literal(about ~ ': ') }} || {{ group_text }}'{{ name }} ' || case
            when {{ rows }} = 0 then 'could not be computed: no rows with a value'
            when {{ rows }} < {{ min_rows }} then 'not evaluated: ' || cast({{ rows }} as {{ text }}) || ' rows, needs {{ min_rows }}'
            when {{ name }} is null then 'could not be computed from ' || cast({{ rows }} as {{ text }}) || ' rows'
            {%- if name in fail %}
            when {{ name }} {{ sign }} {{ fail[name] }} then {{ ml_monitor.number_text(name, 4) }} || ' is {{ sides[name] }} {{ fail[name] }}'
            {%- endif %}
            else {{ ml_monitor.number_text(name, 4) }} || ' is {{ sides[name] }} {{ warn.get(name, fail.get(name)) }}'
        end{{ (' || coalesce(' ~ said ~ ", '')") if said }} as message
    from {{ values }}
    where
        {% if ml_monitor.is_empty_run() -%}
        1 = 0
        {%- else -%}
        {{ name }} is null
        or {{ rows }} < {{ min_rows }}
        or ({{ evidence }} and ({% if name in fail %}{{ name }} {{ sign }} {{ fail[name] }}{% endif %}{{ ' or ' if name in fail and name in warn }}{% if name in warn %}{{ name }} {{ sign }} {{ warn[name] }}{% endif %}))
        {%- endif %}
    union all
    {%- endfor %}
    select
        'fail' as status,
        '{{ ns.judged[0] }}' as metric,
        {{ ml_monitor.float64('null') }} as value,
        {{ ml_monitor.float64('null') }} as threshold,
        {{ ml_monitor.string_literal(about ~ ': could not be computed: no rows') }} as message
    where not exists (select 1 from {{ values }}){{ ' and 1 = 0' if ml_monitor.is_empty_run() }}
{%- endmacro %}


{#- 'country de: ' for the message of a group, with ` || ` behind it: SQL; nothing without groups. Arguments: group_by. -#}
{% macro group_text(group_by) %}
    {%- set ns = namespace(named=[]) -%}
    {%- for column in ml_monitor.group_columns(group_by) -%}
        {%- set ns.named = ns.named + [ml_monitor.string_literal(column ~ ' ') ~ ' || coalesce(cast(' ~ column ~ ' as ' ~ ml_monitor.text_type() ~ "), 'NULL')"] -%}
    {%- endfor -%}
    {%- do return((ns.named | join(" || ', ' || ") ~ " || ': ' || ") if ns.named else '') -%}
{% endmacro %}


{#- ' (12 of 300 rows)' for the message of a limit: SQL. Arguments: part, whole (SQL), unit (string). -#}
{% macro counts_text(part, whole, unit='rows') %}
    {%- set text = ml_monitor.text_type() -%}
    {%- do return("' (' || cast(" ~ part ~ ' as ' ~ text ~ ") || ' of ' || cast(" ~ whole ~ ' as ' ~ text ~ ") || ' " ~ unit ~ ")'") -%}
{% endmacro %}


{#-
  Raises for every limit that lacks the argument it needs, all at once. Limits that are no dict are left to judge_limits.
  Arguments: test, about (strings), warn, fail (dicts of limits), needs (list of [limits, whether the argument is there, what they need,
    the arguments to write]).
-#}
{% macro require_arguments(test, about, warn, fail, needs) %}
    {%- set ns = namespace(faults=[]) -%}
    {%- for limits, is_given, needed, example in needs if not is_given -%}
        {%- for limit in limits if (warn is mapping and limit in warn) or (fail is mapping and limit in fail) -%}
            {%- set ns.faults = ns.faults + ['limit ' ~ limit ~ ' needs ' ~ needed
                ~ '. Write\n    - ml_monitor.' ~ test ~ ':\n        arguments: {' ~ example ~ ', fail: {' ~ limit ~ ': 1}}'] -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- if ns.faults -%}
        {%- do exceptions.raise_compiler_error('ml_monitor.' ~ test ~ ' on ' ~ about ~ ': ' ~ ns.faults | join('\n  ')) -%}
    {%- endif -%}
{% endmacro %}


{#- What a generic test speaks of, for its message: the tested table and, for most, a column of it. Arguments: model, column_name (optional). -#}
{% macro test_subject(model, column_name=none) %}
    {#- While dbt parses, `model` is a relation of the test's own name. #}
    {%- do return((model.identifier if execute and model.identifier else ml_monitor.tested_table()) ~ ('.' ~ column_name if column_name else '')) -%}
{% endmacro %}


{#-
  The table a generic test is declared on. With the test's config `where`, `model` is a subquery without a name, so the name is that of
  the ref or source in the test's node.
-#}
{% macro tested_table() %}
    {%- set written = ((model.test_metadata or {}).get('kwargs', {}).get('model', '') | string).replace('"', "'") -%}
    {%- set words = written.split("'") -%}
    {%- set position = 3 if 'source(' in written else 1 -%}
    {%- do return(words[position] if words | length > position else 'this model') -%}
{% endmacro %}


{#- The file a generic test is declared in; a macro of its own, since an argument named model hides the test's node. -#}
{% macro file_of_test() %}
    {%- do return(model.original_file_path) -%}
{% endmacro %}


{#- The limits of a test that one of its parts judges. Arguments: limits (dict or none), names (list). Returns: a dict. -#}
{% macro limits_among(limits, names) %}
    {%- set chosen = {} -%}
    {%- for name, limit in (limits or {}).items() if name in names -%}{%- do chosen.update({name: limit}) -%}{%- endfor -%}
    {%- do return(chosen) -%}
{% endmacro %}


{#-
  Raises a compiler error with every fault of a generic test's arguments at once.
  Arguments: test (string), about (string), faults (list of texts), example (string: correct arguments in YAML).
-#}
{% macro raise_argument_faults(test, about, faults, example) %}
    {%- if faults -%}
        {%- do exceptions.raise_compiler_error('ml_monitor.' ~ test ~ ' on ' ~ about ~ ': ' ~ faults | join('; ')
            ~ '. Write\n    - ml_monitor.' ~ test ~ ':\n        arguments: ' ~ example) -%}
    {%- endif -%}
{% endmacro %}


{#-
  The faults of warn and fail of a generic test: none given, not of the form that the test takes, unknown.
  Arguments: warn, fail (what the user wrote: a dict of limits, or none), names (list: limits that can apply), is_plain (boolean: the user
    writes one number, which the test has put into a dict). Returns: a list of texts.
-#}
{% macro limit_faults(warn, fail, names, is_plain=false) %}
    {%- set ns = namespace(faults=[], unknown=[]) -%}
    {%- if (warn is none or warn == {}) and (fail is none or fail == {}) -%}{%- set ns.faults = ['no limit is given. Allowed: warn, fail'] -%}{%- endif -%}
    {%- for side, limits in [['warn', warn], ['fail', fail]] if limits is not none -%}
        {%- if limits is not mapping -%}
            {%- set ns.faults = ns.faults + [side ~ ' is ' ~ limits ~ '. Allowed: a dict of ' ~ names | join(', ') ~ ' to numbers'] -%}
        {%- else -%}
            {%- for name, limit in limits.items() -%}
                {%- if name not in names -%}
                    {%- if name not in ns.unknown -%}{%- set ns.faults = ns.faults + ['unknown limit ' ~ name ~ '. Allowed with these arguments: ' ~ names | join(', ')] -%}{%- endif -%}
                    {%- set ns.unknown = ns.unknown + [name] -%}
                {%- elif limit is not number or limit is boolean -%}
                    {%- set ns.faults = ns.faults + [side ~ ('' if is_plain else '.' ~ name) ~ ' is ' ~ (limit if limit is not none else 'nothing') ~ '. Allowed: a number'] -%}
                {%- endif -%}
            {%- endfor -%}
        {%- endif -%}
    {%- endfor -%}
    {%- do return(ns.faults) -%}
{% endmacro %}


{#-
  The faults of an argument that must be a dict of columns. Arguments: name (string), value (what the user wrote), example (string).
  Returns: a list of texts.
-#}
{% macro dict_faults(name, value, example) %}
    {%- do return([] if value is mapping and value else [name ~ ' is ' ~ (value if value is not none else 'nothing') ~ '. Allowed: a dict, such as ' ~ example]) -%}
{% endmacro %}

{#-
  Groups of a generic test (argument `group_by`). Inside of a macro they are group_1, group_2, ..., so that no name of a user's
  column can meet one of ours; without groups there is one, the constant 1.
-#}


{#- `group_by` as a list of SQL names: one name may be given without a list. -#}
{% macro group_columns(group_by) %}
    {%- do return([group_by] if group_by is string else (group_by or [])) -%}
{% endmacro %}


{#- The inner names of groups, none without groups. Arguments: group_by. Returns: a list of SQL names. -#}
{% macro group_aliases(group_by) %}
    {%- set ns = namespace(names=[]) -%}
    {%- for group in ml_monitor.group_columns(group_by) -%}{%- set ns.names = ns.names + ['group_' ~ loop.index] -%}{%- endfor -%}
    {%- do return(ns.names) -%}
{% endmacro %}


{#- Two relations have the same group, NULL included: an SQL condition. Arguments: left, right (aliases), names (list of SQL names). -#}
{% macro same_group(left, right, names) %}
    {%- set ns = namespace(conditions=[]) -%}
    {%- for name in names -%}
        {%- set ns.conditions = ns.conditions + [left ~ '.' ~ name ~ ' is not distinct from ' ~ right ~ '.' ~ name] -%}
    {%- endfor -%}
    {%- do return(ns.conditions | join(' and ') or '1 = 1') -%}
{% endmacro %}


{#- The inner names of groups to group by; without groups that of the constant. Arguments: group_by. Returns: a list of SQL names. -#}
{% macro group_keys(group_by) %}
    {%- do return(ml_monitor.group_aliases(group_by) or ['group_1']) -%}
{% endmacro %}


{#- The groups in the select that reads a relation: `country as group_1`. Arguments: group_by. Returns: SQL. -#}
{% macro group_inputs(group_by) %}
    {%- set ns = namespace(columns=[]) -%}
    {%- for column in ml_monitor.group_columns(group_by) or ['1'] -%}{%- set ns.columns = ns.columns + [column ~ ' as group_' ~ loop.index] -%}{%- endfor -%}
    {%- do return(ns.columns | join(', ')) -%}
{% endmacro %}


{#-
  The groups under their own names, each with a comma and a line break, in the last select of a macro; nothing without groups.
  Arguments: group_by, relation (alias). Returns: SQL.
-#}
{% macro group_outputs(group_by, relation) %}
    {%- set ns = namespace(columns='') -%}
    {%- for column in ml_monitor.group_columns(group_by) -%}{%- set ns.columns = ns.columns ~ relation ~ '.group_' ~ loop.index ~ ' as ' ~ column ~ ',\n        ' -%}{%- endfor -%}
    {%- do return(ns.columns) -%}
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
  The faults of warn and fail where several parts of a test share them.
  Arguments: warn, fail (dicts or none), names (list: limits that can apply). Returns: a list of texts.
-#}
{% macro limit_faults(warn, fail, names) %}
    {%- set ns = namespace(faults=[]) -%}
    {%- if not warn and not fail -%}{%- set ns.faults = ['no limit is given. Allowed: warn, fail'] -%}{%- endif -%}
    {%- for name in (warn or {}).keys() | list + (fail or {}).keys() | list if name not in names -%}
        {%- set ns.faults = ns.faults + ['unknown limit ' ~ name ~ '. Allowed with these arguments: ' ~ names | join(', ')] -%}
    {%- endfor -%}
    {%- do return(ns.faults) -%}
{% endmacro %}

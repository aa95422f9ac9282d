{#-
  Groups of a generic test (argument `group_by`). Inside of a macro they are group_1, group_2, ..., so that no name of a user's
  column can meet one of ours; without groups there is one, the constant 1.
-#}


{#- The inner names of groups, to group and join by. Arguments: group_by (list of SQL names, or none). Returns: a list of SQL names. -#}
{% macro group_keys(group_by) %}
    {%- set ns = namespace(keys=[]) -%}
    {%- for column in group_by or ['1'] -%}{%- set ns.keys = ns.keys + ['group_' ~ loop.index] -%}{%- endfor -%}
    {%- do return(ns.keys) -%}
{% endmacro %}


{#- The groups in the select that reads a relation: `country as group_1`. Arguments: group_by. Returns: SQL. -#}
{% macro group_inputs(group_by) %}
    {%- set ns = namespace(columns=[]) -%}
    {%- for column in group_by or ['1'] -%}{%- set ns.columns = ns.columns + [column ~ ' as group_' ~ loop.index] -%}{%- endfor -%}
    {%- do return(ns.columns | join(', ')) -%}
{% endmacro %}


{#-
  The groups under their own names, each with a comma and a line break, in the last select of a macro; nothing without groups.
  Arguments: group_by, relation (alias). Returns: SQL.
-#}
{% macro group_outputs(group_by, relation) %}
    {%- set ns = namespace(columns='') -%}
    {%- for column in group_by or [] -%}{%- set ns.columns = ns.columns ~ relation ~ '.group_' ~ loop.index ~ ' as ' ~ column ~ ',\n        ' -%}{%- endfor -%}
    {%- do return(ns.columns) -%}
{% endmacro %}


{#- Whether two rows are of the same group; NULL is a group of its own. Arguments: group_by, left, right (aliases). Returns: SQL. -#}
{% macro same_group(group_by, left, right) %}
    {%- if not group_by -%}{%- do return(left ~ '.group_1 = ' ~ right ~ '.group_1') -%}{%- endif -%}
    {%- set ns = namespace(conditions=[]) -%}
    {%- for key in ml_monitor.group_keys(group_by) -%}
        {%- set ns.conditions = ns.conditions + [left ~ '.' ~ key ~ ' is not distinct from ' ~ right ~ '.' ~ key] -%}
    {%- endfor -%}
    {%- do return(ns.conditions | join(' and ')) -%}
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

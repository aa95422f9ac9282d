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

{#-
  The groups of a measure (argument `group_by`) as parts of its SQL. Inside of a macro they are group_1, group_2, ..., so that no name of a
  user's column meets one of ours.

  Arguments:
    group_by (list of SQL names, or one name, optional)
    or_one (boolean): without group_by all rows are one group, the constant 1, so that an empty relation has no row
  Returns: a dict; without groups all are empty:
    inputs          `country as group_1, ` with a comma, where a relation of the user is read
    columns         `group_1, ` with a comma, further down
    by_inputs, by   `group by country` and `group by group_1`, in a line of their own
    names           ['group_1']
-#}
{% macro groups(group_by, or_one=false) %}
    {%- set given = ml_monitor.group_columns(group_by) or (['1'] if or_one else []) -%}
    {%- set ns = namespace(inputs='', names=[]) -%}
    {%- for column in given -%}
        {%- set ns.inputs = ns.inputs ~ column ~ ' as group_' ~ loop.index ~ ', ' -%}
        {%- set ns.names = ns.names + ['group_' ~ loop.index] -%}
    {%- endfor -%}
    {%- do return({
        'inputs': ns.inputs,
        'columns': ns.names | join(', ') ~ (', ' if given else ''),
        'by_inputs': '\n    group by ' ~ given | join(', ') if given else '',
        'by': '\n    group by ' ~ ns.names | join(', ') if given else '',
        'names': ns.names,
    }) -%}
{% endmacro %}

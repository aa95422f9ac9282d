{#-
  The conditions of rows that several metrics speak of, with placeholders: {column}, {logged} (the same of alias log), {text} and
  {logged_text} (of a category, value_text of both), {name} (its name as a literal), {last_edge}, {invalid}, {clipped}, {default}, {grid},
  {log}, {scope} (the condition of all rows that were counted).
  Returns: dict of name -> text, or dict of column kind -> text.
-#}
{% macro row_conditions() %}
    {%- set text, logged_text = '{text}', '{logged_text}' -%}
    {%- set number = ml_monitor.float64('{column}') -%}
    {%- set logged_number = ml_monitor.float64('{logged}') -%}
    {%- set is_number = ' between -1e100 and 1e100 and ' -%}
    {%- set edges = [] -%}
    {%- for k in range(20) -%}{%- do edges.append('grid.edge_' ~ '%02d' % k) -%}{%- endfor -%}
    {%- set on_edge = logged_number ~ is_number ~ 'exists (select 1 from {grid} as grid where grid.column_name = {name} and '
        ~ logged_number ~ ' in (' ~ edges | join(', ') ~ '))' -%}
    {%- set of_grid = ' from {grid} where column_name = {name})' -%}
    {%- set is_unseen = ml_monitor.category(text) ~ ' not in (select category' ~ of_grid -%}
    {%- set is_seen = ml_monitor.category(logged_text) ~ ' in (select category' ~ of_grid -%}
    {%- set is_spike = on_edge ~ ' and ' ~ logged_number ~ ' <> 0 and ({default}) is not true' -%}
    {%- set zero = {'numeric': '{column} = 0', 'categorical': text ~ " = '0'"} -%}
    {%- do return({
        'null': '{column} is null',
        'nan': {'numeric': ml_monitor.is_nan(number)},
        'infinite': {'numeric': ml_monitor.is_infinite(number)},
        'empty': {'categorical': ml_monitor.is_empty_text(text)},
        'zero': zero,
        'nonzero': zero,
        'default': '{default}',
        'invalid': '{invalid}',
        'clipped': {'numeric': '{clipped}'},
        'numeric_text': {'categorical': ml_monitor.is_numeric_text(text)
            ~ ' and not exists (select 1 from {grid} where column_name = {name} and has_numbers)'},
        'outside_reference': {'numeric': number ~ is_number
            ~ '({column} < (select edge_00' ~ of_grid ~ ' or {column} > (select {last_edge}' ~ of_grid ~ ')'},
        'unseen': {'categorical': '{column} is not null and ' ~ is_unseen},
        'top_value': {
            'numeric': logged_number ~ ' = ' ~ ml_monitor.most_frequent(logged_number, on_edge),
            'categorical': logged_text ~ ' = ' ~ ml_monitor.most_frequent(logged_text, is_seen),
        },
        'spike': {'numeric': logged_number ~ ' = ' ~ ml_monitor.most_frequent(logged_number, is_spike)},
    }) -%}
{% endmacro %}


{#- The most frequent of a check's values, as text of a scalar subquery. Arguments: value, condition (SQL with placeholders). -#}
{% macro most_frequent(value, condition) %}
    {%- do return('(select ' ~ value ~ ' from {log} as log where {scope} and ' ~ condition
        ~ ' group by ' ~ value ~ ' order by count(*) desc, ' ~ value ~ ' limit 1)') -%}
{% endmacro %}

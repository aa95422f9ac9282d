{#-
  run-operation of scripts/new_monitor.py: what a whole monitor is, guessed from its raw tables; printed as one line of JSON.

  Arguments:
    monitor (string)
    tables (dict): inferences, and if there are such labels, reference, lookups by their names -> the relation, as suggestion_source has it
    roles (list of [table or none, role, column]): what is certain, by the names of the raw tables
    task, owner, time_zone (strings, optional): as suggest_contract has them
  Prints: ml_monitor= and a dict {faults: a text, or none; monitors: the var ml_monitors as it is; yaml: the properties file; tables: a list
    of the dicts of shown_table; facts: a list of sentences on volume and times}. With faults there are no yaml, tables and facts.
-#}
{% macro suggest_monitor(monitor, tables, roles=[], task=none, owner=none, time_zone=none) %}
    {%- if execute -%}
        {%- set faults, staged = [], {} -%}
        {%- for part, relation in tables.items() -%}
            {%- set found = ml_monitor.suggestion_source(relation) -%}
            {%- set option = '--' ~ part ~ ' ' if part in ['inferences', 'labels', 'reference'] else '--lookup ' ~ part ~ '=' -%}
            {%- if found.fault -%}
                {%- do faults.append(dict(found.fault, key=option ~ relation, snippet=option ~ found.example)) -%}
            {%- else -%}
                {%- set given = [] -%}
                {%- for table, role, column in roles if table in [none, part] and role in ml_monitor.roles_of(part) -%}
                    {%- do given.append([role, column]) -%}
                {%- endfor -%}
                {%- do staged.update({part: ml_monitor.staged_table(monitor, part, relation, found, given)}) -%}
            {%- endif -%}
        {%- endfor -%}
        {%- if not faults -%}
            {%- set facts = ml_monitor.guess_monitor(staged, task, owner, time_zone) -%}
            {%- do faults.extend(ml_monitor.suggestion_faults(staged, roles)) -%}
        {%- endif -%}
        {%- set answer = {'monitors': ml_monitor.ml_monitors(), 'faults': none} -%}
        {%- if faults -%}
            {%- set count = faults | length ~ (' fault' if faults | length == 1 else ' faults') -%}
            {%- do answer.update({'faults': ml_monitor.text_of_faults(count ~ '; nothing was written.', faults)}) -%}
        {%- else -%}
            {%- set shown = [] -%}
            {%- for about in staged.values() -%}{%- do shown.append(ml_monitor.shown_table(about)) -%}{%- endfor -%}
            {%- set yaml = ml_monitor.suggestion_text(staged.values() | list, 'new_monitor.py') -%}
            {%- do answer.update({'yaml': yaml, 'tables': shown, 'facts': facts}) -%}
        {%- endif -%}
        {%- do print('ml_monitor=' ~ tojson(answer)) -%}
    {%- endif -%}
{% endmacro %}


{#-
  What new_monitor.py prints and writes of a table. Arguments: about (dict of staged_table).
  Returns: dict {part, name, relation, rows, task, segments, columns (list of [name, role, declaration, reason]), sql (of the staging model;
    none if it is there already)}.
-#}
{% macro shown_table(about) %}
    {%- set columns = [] -%}
    {%- for c in about.columns -%}
        {%- set declared = c.meta | reject('equalto', 'kind: numeric') | join(', ') -%}
        {%- do columns.append([c.name, c.role, declared, ml_monitor.column_comment(c, about, false)]) -%}
    {%- endfor -%}
    {%- for c in about.left_out -%}
        {%- do columns.append([c.name, 'left out', '', 'of type ' ~ c.engine_type.lower() ~ ', which is not monitored']) -%}
    {%- endfor -%}
    {%- do return({
        'part': about.part, 'name': about.name, 'relation': about.relation, 'columns': columns, 'rows': about.rows,
        'task': about.task or none,
        'segments': (about.segments or []) | map(attribute='name') | list,
        'sql': ml_monitor.staging_text(about) if about.is_written else none,
    }) -%}
{% endmacro %}

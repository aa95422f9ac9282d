{#-
  run-operation of scripts/new_monitor.py: what a whole monitor is, guessed from its raw tables; printed as one line of JSON.

  Arguments:
    monitor (string)
    tables (dict): inferences, and if there are such labels, reference, lookups by their names -> the relation, as suggestion_source reads it
    roles (list of [table or none, role, column]): what is certain, by the names of the raw tables
    task, owner, time_zone (strings, optional): as suggest_contract has them
  Prints: a dict {faults: a text, or none; monitors: the var ml_monitors as it is; yaml: the properties file; tables: a list of dicts part,
    name, relation, sql (of the staging model; none if it is there), columns (list of [name, role, declaration, reason]) and remarks; facts:
    a list of sentences}. With faults there are no yaml and tables.
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
                {%- for table, role, column in roles if table in [none, part] -%}{%- do given.append([role, column]) -%}{%- endfor -%}
                {%- do staged.update({part: ml_monitor.staged_table(monitor, part, relation, found, given)}) -%}
            {%- endif -%}
        {%- endfor -%}
        {%- if not faults -%}
            {%- do faults.extend(ml_monitor.given_role_faults(staged, roles)) -%}
            {%- set facts = ml_monitor.guess_monitor(staged, task, owner, time_zone) -%}
            {%- for about in staged.values() -%}{%- do faults.extend(ml_monitor.missing_role_faults(about)) -%}{%- endfor -%}
            {%- if not faults -%}{%- do faults.extend(ml_monitor.unmatched_label_faults(staged)) -%}{%- endif -%}
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
  Guesses everything of all tables, in the order in which one tells of another: labels, training set, inferences, lookups.
  Arguments: staged (dict of part -> dict of staged_table), task, owner, time_zone. Returns: list of strings, what was seen of volume and times.
-#}
{% macro guess_monitor(staged, task, owner, time_zone) %}
    {%- set own, labels, reference = staged.inferences, staged.labels, staged.reference -%}
    {%- set ns = namespace(label=none) -%}
    {%- if labels -%}
        {%- set keys = [] -%}
        {%- for c in own.columns if own.rows < 2 or c.distinct >= 0.7 * own.rows -%}{%- do keys.append(c) -%}{%- endfor -%}
        {%- do labels.update({'partner': keys}) -%}
        {%- do ml_monitor.guess_roles(labels) -%}
        {%- set ns.label = (labels.columns | selectattr('role', 'equalto', 'label') | list + [none])[0] -%}
        {%- do own.update({'partner': labels.columns | selectattr('role', 'equalto', 'prediction_id') | list}) -%}
    {%- endif -%}
    {%- if reference -%}
        {%- do reference.update({'label': ns.label}) -%}
        {%- do ml_monitor.guess_roles(reference) -%}
        {%- set ns.label = ns.label or (reference.columns | selectattr('role', 'equalto', 'label') | list + [none])[0] -%}
    {%- endif -%}
    {%- do own.update({'label': ns.label, 'task': task, 'owner': owner, 'time_zone': time_zone, 'max_accepted_values': 20}) -%}
    {%- do ml_monitor.guess_roles(own) -%}
    {%- for about in staged.values() if about.table == 'other' -%}
        {%- do about.update({'inference_names': own.columns | map(attribute='name') | list}) -%}
        {%- do ml_monitor.guess_roles(about) -%}
    {%- endfor -%}
    {%- do ml_monitor.equal_ids(own, labels) -%}
    {%- do ml_monitor.mark_outcomes(own, staged) -%}
    {%- do own.update({'task': task or ml_monitor.guess_task(own.columns, ns.label)}) -%}
    {%- do own.update({'classes': ml_monitor.known_classes(own, staged), 'segments': ml_monitor.guess_segments(own)}) -%}
    {%- set facts = ml_monitor.seen_volume(own) -%}
    {%- do ml_monitor.guess_limits(own) -%}
    {%- if labels -%}{%- do facts.extend(ml_monitor.seen_labels(own, labels)) -%}{%- endif -%}
    {%- do return(facts) -%}
{% endmacro %}


{#- The column of a table that has a role, or none. -#}
{% macro of_role(about, role) %}
    {%- do return((about.columns | selectattr('role', 'equalto', role) | list + [none])[0] if about else none) -%}
{% endmacro %}


{#- Gives a column of a staging model another expression and type. Arguments: about, c (dicts), expression, class, data_type, note. -#}
{% macro change_column(about, c, expression, class, data_type, note) %}
    {%- do c.update({'expression': expression, 'class': class, 'data_type': data_type, 'portable': true, 'whole': class == 'whole',
        'type_class': 'numeric' if class == 'whole' else class}) -%}
    {%- do c.notes.append(note) -%}
    {%- do about.update({'sql': render(ml_monitor.staging_text(about))}) -%}
{% endmacro %}


{#- Prediction ids of two types become texts on both sides. -#}
{% macro equal_ids(own, labels) %}
    {%- set first, second = ml_monitor.of_role(own, 'prediction_id'), ml_monitor.of_role(labels, 'prediction_id') -%}
    {%- if first and second and first.class != second.class -%}
        {%- for about, c in [[own, first], [labels, second]] if c.class != 'text' and about.is_written -%}
            {%- set text = 'cast(' ~ c.expression ~ ' as ' ~ ml_monitor.text_type() ~ ')' -%}
            {%- do ml_monitor.change_column(about, c, text, 'text', 'string', 'a text, as on the other side') -%}
            {%- do c.update({'digits': 0, 'times': 0, 'blank': 0}) -%}
        {%- endfor -%}
    {%- endif -%}
{% endmacro %}


{#- A label of yes and no beside a score becomes 1 and 0, since 1 is the positive class of a binary task. -#}
{% macro mark_outcomes(own, staged) %}
    {%- set yes, no = ['yes', 'y', 'true', 't', '1', 'on'], ['no', 'n', 'false', 'f', '0', 'off'] -%}
    {%- set prediction = ml_monitor.of_role(own, 'prediction') -%}
    {%- for about in [staged.labels, staged.reference] if about and about.is_written and ml_monitor.of_role(own, 'score')
        and not (prediction and prediction.type_class == 'text') -%}
        {%- set c = ml_monitor.of_role(about, 'label') -%}
        {%- if c and c.type_class == 'text' and c.distinct <= 2 -%}
            {%- set outcomes = ml_monitor.values_of(about, c) | map('lower') | list -%}
            {%- if outcomes and not outcomes | reject('in', yes + no) | list -%}
                {%- set lowered = 'lower(' ~ c.expression ~ ')' -%}
                {%- set text = 'case when ' ~ lowered ~ ' in (' ~ ml_monitor.string_list(yes) ~ ') then 1 when ' ~ lowered ~ ' in ('
                    ~ ml_monitor.string_list(no) ~ ') then 0 end' -%}
                {%- do ml_monitor.change_column(about, c, text, 'whole', 'int', 'was ' ~ outcomes | join(' and ') ~ ': 1 is positive') -%}
                {%- do c.update({'is_outcome': true, 'finite': c.filled, 'least': 0, 'greatest': 1}) -%}
            {%- endif -%}
        {%- endif -%}
    {%- endfor -%}
{% endmacro %}


{#- The distinct values of a column as texts, in order. Arguments: about, c (dicts). Returns: list of strings. -#}
{% macro values_of(about, c) %}
    {%- set values = [] -%}
    {%- set query = "select distinct '=' || cast(" ~ c.sql ~ ' as ' ~ ml_monitor.text_type() ~ ') as value from (\n' ~ about.sql
        ~ '\n) as data where ' ~ c.sql ~ ' is not null' -%}
    {%- for row in run_query(query).rows -%}{%- do values.append(row[0][1:]) -%}{%- endfor -%}
    {%- do return(values | sort(case_sensitive=true)) -%}
{% endmacro %}


{#- The classes that labels and training set have, if they are written as the prediction is. Returns: list of strings. -#}
{% macro known_classes(own, staged) %}
    {%- set prediction, classes = ml_monitor.of_role(own, 'prediction'), [] -%}
    {%- for about in [staged.labels, staged.reference] if about and prediction and own.task != 'regression' -%}
        {%- set c = ml_monitor.of_role(about, 'label') -%}
        {%- if c and c.filled and c.distinct <= 20 and c.class == prediction.class and c.class in ['text', 'whole'] -%}
            {%- do classes.extend(ml_monitor.values_of(about, c)) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- do return(classes | unique(case_sensitive=true) | sort(case_sensitive=true) | list) -%}
{% endmacro %}


{#-
  What is seen of volume, zone and lateness of the inferences; sets late_minutes where rows usually take longer than an hour.
  Arguments: about (dict). Returns: list of strings.
-#}
{% macro seen_volume(about) %}
    {%- set event, ingest = ml_monitor.of_role(about, 'event_time'), ml_monitor.of_role(about, 'ingest_time') -%}
    {%- set facts = [] -%}
    {%- if event and event.filled -%}
        {%- set after = 'sum(case when ' ~ event.sql ~ ' > ' ~ ml_monitor.as_of() ~ ' then 1 else 0 end) as after_now' -%}
        {%- set days = 'select ' ~ ml_monitor.truncate('day', event.sql) ~ ' as day, count(*) as row_count, ' ~ after ~ '\nfrom (\n    '
            ~ about.sql | indent(4) ~ '\n) as raw\nwhere ' ~ event.sql ~ ' is not null\ngroup by 1' -%}
        {%- set seen = ml_monitor.first_row(['count(*) as days', 'min(day) as first_day', 'max(day) as last_day', 'sum(after_now) as late',
            ml_monitor.quantile(0.5, 'row_count') ~ ' as day_rows'], days) -%}
        {%- set day_rows, min_sample = seen['day_rows'] | int, 500 -%}
        {%- set ns = namespace(windows='too few rows to judge drift even in 28 days') -%}
        {%- for grain, length in ml_monitor.window_days().items() | list | reverse if length * day_rows >= min_sample -%}
            {%- set ns.windows = 'drift is judged in windows of ' ~ (grain | replace('_', ' ') if length > 1 else 'a day') -%}
        {%- endfor -%}
        {%- do facts.append('volume: ' ~ '{:,}'.format(day_rows) ~ ' rows a day on ' ~ seen['days'] | int ~ ' days, '
            ~ (seen['first_day'] | string)[:10] ~ ' to ' ~ (seen['last_day'] | string)[:10] ~ '; ' ~ ns.windows
            ~ ('' if seen['days'] | int >= 29 else ', and with fewer than 28 days before it warns at most')) -%}
        {%- set is_moved = 'UTC' in event.notes | join(' ') -%}
        {%- do facts.append('time zone: ' ~ (event.name ~ ' ' ~ event.notes | join('; ') if is_moved
            else event.name ~ ' has no zone and is taken for UTC; if it is local time, convert it in the staging SQL')
            ~ '; hours of the day are compared in ' ~ (about.time_zone or 'UTC, --time-zone Europe/Berlin changes that')) -%}
        {%- if seen['late'] | int > 0 -%}
            {%- do facts.append('look: ' ~ '{:,}'.format(seen['late'] | int) ~ ' rows are of a time after now in UTC, so ' ~ event.name
                ~ ' may be local time') -%}
        {%- endif -%}
    {%- endif -%}
    {%- if event and ingest -%}
        {%- set row = ml_monitor.first_row([ml_monitor.quantile(0.99, ml_monitor.minutes_between(event.sql, ingest.sql), between=true)
            ~ ' as lag'], about.sql) -%}
        {%- if row['lag'] is not none and row['lag'] | float > 60 -%}
            {%- set hours = (row['lag'] | float / 60 * 1.5) | round(0, 'ceil') | int -%}
            {%- do about.update({'late_minutes': 60 * hours}) -%}
            {%- do facts.append('lateness: 1 % of the rows arrive more than ' ~ '%.3g' | format(row['lag'] | float / 60)
                ~ ' hours after their event, so a row is late after ' ~ hours ~ ' hours') -%}
        {%- endif -%}
    {%- endif -%}
    {%- do return(facts) -%}
{% endmacro %}


{#-
  How many labels belong to a prediction, and when they come; sets horizon_hours. Arguments: own, labels (dicts). Returns: list of strings.
-#}
{% macro seen_labels(own, labels) %}
    {%- set id, label_id, event = ml_monitor.of_role(own, 'prediction_id'), ml_monitor.of_role(labels, 'prediction_id'),
        ml_monitor.of_role(own, 'event_time') -%}
    {%- set known = ml_monitor.of_role(labels, 'ingest_time') or ml_monitor.of_role(labels, 'label_time') -%}
    {%- if not (id and label_id and event and known and labels.rows and own.rows) -%}{%- do return([]) -%}{%- endif -%}
    {%- set pairs = 'select i.id as id, i.moment as scored_at, l.moment as known_at\nfrom (select ' ~ label_id.sql ~ ' as id, ' ~ known.sql
        ~ ' as moment from (\n' ~ labels.sql ~ '\n) as data) as l\nleft join (select ' ~ id.sql ~ ' as id, ' ~ event.sql
        ~ ' as moment from (\n' ~ own.sql ~ '\n) as data) as i on l.id = i.id' -%}
    {%- set row = ml_monitor.first_row(['count(*) as labels', 'count(id) as matched', ml_monitor.quantile(0.99,
        ml_monitor.minutes_between('scored_at', 'known_at'), between=true) ~ ' as delay'], pairs) -%}
    {%- set share = row['matched'] | int / (row['labels'] | int or 1) -%}
    {%- do labels.update({'matched': row['matched'] | int}) -%}
    {%- set hours = ((row['delay'] or 0) | float / 60) | round(0, 'ceil') | int -%}
    {%- set horizon = 24 if hours <= 24 else 24 * (hours / 24) | round(0, 'ceil') | int -%}
    {%- do own.update({'horizon_hours': horizon}) -%}
    {%- do return(['labels: ' ~ ml_monitor.percent(share) ~ ' belong to a prediction, and 99 % of them came within ' ~ hours
        ~ ' hours of it: a day is judged ' ~ horizon ~ ' hours after its end']) -%}
{% endmacro %}


{#- What new_monitor.py prints of a table. Arguments: about (dict). Returns: dict. -#}
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
        'part': about.part, 'name': about.name, 'relation': about.relation, 'columns': columns, 'rows': about.rows, 'task': about.task or none,
        'segments': (about.segments or []) | map(attribute='name') | list,
        'sql': ml_monitor.staging_text(about) if about.is_written else none,
    }) -%}
{% endmacro %}


{#- Faults of --role: a role that the table does not have, a column that is not there. Returns: list of dicts as text_of_faults has them. -#}
{% macro given_role_faults(staged, roles) %}
    {%- set faults = [] -%}
    {%- for table, role, column in roles -%}
        {%- set option = '--role ' ~ (table ~ '.' if table is not none else '') -%}
        {%- set allowed, having, columns = [], [], [] -%}
        {%- for about in staged.values() if table in [none, about.part] -%}
            {%- do allowed.extend(ml_monitor.roles_of(about.part) | list) -%}
            {%- set names = about.raw_columns | map(attribute='name') | list -%}
            {%- do columns.extend(names) -%}
            {%- if role in ml_monitor.roles_of(about.part) and column in names -%}{%- do having.append(about.part) -%}{%- endif -%}
        {%- endfor -%}
        {%- set fault = {'key': option ~ role ~ '=' ~ column} -%}
        {%- if table is not none and table not in staged -%}
            {%- do faults.append(dict(fault, found='no table ' ~ table, allowed=staged | join(', '), snippet='--role ' ~ role ~ '=' ~ column)) -%}
        {%- elif role not in allowed -%}
            {%- set near = ml_monitor.nearest_name(role, allowed) or 'feature' -%}
            {%- do faults.append(dict(fault, found='no role ' ~ role, allowed=allowed | unique | join(', '),
                snippet=option ~ near ~ '=' ~ column)) -%}
        {%- elif not having -%}
            {%- set near = ml_monitor.nearest_name(column, columns) or columns[0] -%}
            {%- do faults.append(dict(fault, found='no column ' ~ column, allowed='columns: ' ~ columns | unique | join(', '),
                snippet=option ~ role ~ '=' ~ near)) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- do return(faults) -%}
{% endmacro %}


{#- A fault for each role that no column could be, with the names that were looked for. Returns: list of dicts as text_of_faults has them. -#}
{% macro missing_role_faults(about) %}
    {%- set faults, found = [], [] -%}
    {%- for c in about.raw_columns -%}{%- do found.append(c.name ~ ' (' ~ c.engine_type.lower() ~ ')') -%}{%- endfor -%}
    {%- for missing in ml_monitor.missing_roles(about) -%}
        {%- set names, classes = [], [] -%}
        {%- for role in missing.split(' or ') -%}
            {%- for guess in ml_monitor.role_names() if guess.role == role -%}
                {%- do names.extend(guess.names) -%}
                {%- do classes.extend(guess.classes) -%}
            {%- endfor -%}
        {%- endfor -%}
        {%- set free = [] -%}
        {%- for c in about.columns if c.type_class in classes and c.why != 'as you said' and c.role in ['feature', 'context'] -%}
            {%- do free.append(c.name) -%}
        {%- endfor -%}
        {%- set looked = (names | join('|')).replace('|', ', ').replace('(', '').replace(')', '').replace('.*', '...').replace('?', '') -%}
        {%- set what = {'event_time': 'a timestamp, a date or a text of times', 'label_time': 'a timestamp, a date or a text of times',
            'prediction_id': 'a text or whole number of its own in almost every row'}.get(missing, classes | unique | join(', ')) -%}
        {%- do faults.append({
            'key': about.relation ~ ': no column could be ' ~ missing, 'found': found | join(', '),
            'allowed': what ~ (', named such as ' ~ looked if looked else ''),
            'snippet': '--role ' ~ about.part ~ '.' ~ missing.split(' or ')[0] ~ '=' ~ (free + ['<column>'])[0]
                ~ ('' if free else '   (no column is of a type that could be it: cast one in a view)'),
        }) -%}
    {%- endfor -%}
    {%- do return(faults) -%}
{% endmacro %}


{#- A fault if there are labels and none belongs to a prediction. Returns: list of dicts as text_of_faults has them. -#}
{% macro unmatched_label_faults(staged) %}
    {%- set labels = staged.labels -%}
    {%- if labels and labels.matched == 0 -%}
        {%- set own_id, label_id = ml_monitor.of_role(staged.inferences, 'prediction_id'), ml_monitor.of_role(labels, 'prediction_id') -%}
        {%- do return([{
            'key': labels.relation ~ ': no label belongs to a prediction',
            'found': 'no value of ' ~ label_id.name ~ ' in ' ~ own_id.name ~ ' of ' ~ staged.inferences.relation,
            'allowed': 'the same ids in both',
            'snippet': '--role inferences.prediction_id=' ~ own_id.name ~ ' --role labels.prediction_id=' ~ label_id.name,
        }]) -%}
    {%- endif -%}
    {%- do return([]) -%}
{% endmacro %}

{#-
  Guesses everything of all tables, in the order in which one tells of another: labels, training set, inferences, lookups.
  Arguments: staged (dict of part -> dict of staged_table), task, owner, time_zone (strings, or none).
  Returns: list of strings, what was seen of volume and times.
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
        {%- set min_sample = (ml_monitor.monitor_keys() | selectattr('key', 'equalto', 'min_sample') | list)[0].default -%}
        {%- set day_rows = seen['day_rows'] | int -%}
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

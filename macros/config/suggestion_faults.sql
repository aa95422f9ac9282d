{#-
  The faults of a monitor that was guessed: wrong roles of --role, roles that no column could be, labels that belong to no prediction.
  Arguments: staged (dict of part -> dict of staged_table), roles (list of [table or none, role, column]).
  Returns: list of dicts as text_of_faults has them.
-#}
{% macro suggestion_faults(staged, roles) %}
    {%- set faults = ml_monitor.given_role_faults(staged, roles) -%}
    {%- for about in staged.values() -%}{%- do faults.extend(ml_monitor.missing_role_faults(about)) -%}{%- endfor -%}
    {%- do return(faults or ml_monitor.unmatched_label_faults(staged)) -%}
{% endmacro %}


{#- Faults of --role: a role that the table does not have, a column that is not there. Returns: as suggestion_faults. -#}
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
            {%- do faults.append(dict(fault, found='no table ' ~ table, allowed=staged | join(', '),
                snippet='--role ' ~ role ~ '=' ~ column)) -%}
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


{#- A fault for each role that no column could be, and what was looked for. Returns: list of dicts as text_of_faults has them. -#}
{% macro missing_role_faults(about) %}
    {%- set faults, found = [], [] -%}
    {%- set time = 'a timestamp, a date or a text of times; by name such as ' -%}
    {%- set looked_for = {
        'prediction_id': 'a text or whole number of its own in almost every row; by name such as prediction_id, score_id, id',
        'event_time': time ~ 'event_time, scored_at, created_at, timestamp',
        'label_time': time ~ 'label_time, observed_at, timestamp',
        'label': 'a column named such as label, outcome, target, y, or the only one left',
        'score or prediction': 'numbers from 0 to 1 named such as score, probability; or a column named such as prediction, '
            ~ 'predicted_class',
        'prediction': 'a number named such as prediction, predicted_minutes, forecast',
        'join_key': 'a column that the inferences have, too',
    } -%}
    {%- for c in about.raw_columns -%}{%- do found.append(c.name ~ ' (' ~ c.engine_type.lower() ~ ')') -%}{%- endfor -%}
    {%- for missing in ml_monitor.missing_roles(about) -%}
        {%- set free, role = [], missing.split(' or ')[0] -%}
        {%- for c in about.columns if c.why != 'as you said' and c.role in ['feature', 'context'] -%}
            {%- set is_time, is_key = c.type_class == 'timestamp', c.type_class == 'text' or c.whole -%}
            {%- set fits = is_time if role.endswith('_time') else is_key if role == 'prediction_id' else not is_time -%}
            {%- if fits -%}{%- do free.append(c.name) -%}{%- endif -%}
        {%- endfor -%}
        {%- do faults.append({
            'key': about.relation ~ ': no column could be ' ~ missing, 'found': found | join(', '), 'allowed': looked_for[missing],
            'snippet': '--role ' ~ about.part ~ '.' ~ role ~ '=' ~ (free + ['<column>'])[0]
                ~ ('' if free else '   (no column is of such a type: cast one in a view)'),
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

{#-
  The faults of the columns of one staging model: each by column_keys, then what relates keys to the type, the name or other columns.

  Arguments: monitor, table (strings), node (graph node), file (string, for messages).
  Returns: list of dicts as in declaration_faults.
-#}
{% macro column_faults(monitor, table, node, file) %}
    {%- set faults, seen, names, explained, scored = [], {}, {}, {}, {} -%}
    {%- set keys, roles = ml_monitor.column_keys(), ml_monitor.roles_of(table) -%}
    {%- set role_key = dict(keys[0], choices=roles | list, example=(roles | list)[0]) -%}
    {%- set declared = {'monitor': monitor, 'parts': ml_monitor.ml_monitors().get(monitor) or []} -%}
    {%- set inferences = ml_monitor.staging_columns(monitor, 'inferences') -%}
    {%- set features = inferences | selectattr('role', 'equalto', 'feature') | list -%}
    {%- set own = inferences | map(attribute='name') | list -%}
    {%- set task, described = ml_monitor.staging_meta(monitor, 'inferences').task, {} -%}
    {%- for one in ml_monitor.column_roles() -%}{%- do described.update({one.role: one}) -%}{%- endfor -%}
    {%- for column in node.columns.values() -%}
        {%- set meta = ml_monitor.column_meta(column) -%}
        {%- set type = column.data_type or '' -%}
        {%- set role = meta.get('role', 'context') -%}
        {%- set is_known = role is string and role in roles -%}
        {%- set about = {
            'name': column.name, 'quote': column.quote, 'role': role, 'is_known': is_known,
            'table': table, 'is_lookup': table in ml_monitor.lookups(monitor), 'inferences': 'stg_' ~ monitor ~ '__inferences',
            'type': type, 'kind': meta.get('kind', ml_monitor.kind_of_type(type)), 'hard': meta.get('hard', false),
        } -%}
        {%- set path = node.name ~ '.columns.' ~ column.name -%}
        {%- set line = '- {name: ' ~ column.name ~ ', data_type: ' ~ ml_monitor.type_in_yaml(type or 'double') ~ ', config: {meta: {' -%}
        {%- set plain = line ~ 'role: ' ~ (role if is_known else role_key.example) -%}
        {%- set at = {'file': file, 'path': path ~ '.config.meta', 'head': plain ~ ', ', 'tail': '}}}', 'plain': plain ~ '}}}'} -%}
        {%- if 'role' in meta -%}
            {%- do faults.extend(ml_monitor.key_faults([role_key], {'role': role}, dict(at, head=line))) -%}
        {%- endif -%}
        {%- set others = dict(meta) -%}
        {%- do others.pop('role', none) -%}
        {%- do faults.extend(ml_monitor.key_faults(keys, others, at, declared, about)) -%}
        {%- if type and is_known -%}
            {%- do faults.extend(ml_monitor.type_faults(about, described[role], path, file, task)) -%}
        {%- endif -%}
        {%- if not type -%}
            {%- do faults.append({'file': file, 'key': path ~ '.data_type', 'found': 'none, so the column is not in the contract',
                'allowed': 'a data type', 'snippet': at.plain}) -%}
        {%- endif -%}
        {%- do faults.extend(ml_monitor.value_faults(about, meta, at)) -%}
        {%- do faults.extend(ml_monitor.name_faults(about, path, file, names)) -%}

        {%- if seen[role] and roles[role] in ['required', 'once'] -%}
            {%- do faults.append({'file': file, 'key': at.path ~ '.role', 'found': 'a second ' ~ role ~ ' beside ' ~ seen[role][0],
                'allowed': 'one column with role ' ~ role, 'snippet': line ~ 'role: context}}}'}) -%}
        {%- endif -%}
        {%- do seen.setdefault(role | string, []).append(column.name) -%}

        {%- if table == 'offline' and role == 'feature' -%}
            {%- do faults.extend(ml_monitor.offline_feature_faults(about, path, file, features)) -%}
        {%- elif about.is_lookup and role == 'join_key' and own and meta.get('inference_column', column.name) not in own -%}
            {%- do faults.append({'file': file, 'key': at.path ~ '.inference_column', 'found': meta.get('inference_column', column.name),
                'allowed': 'a column of ' ~ about.inferences ~ ': ' ~ own | join(', '),
                'snippet': at.head ~ 'inference_column: ' ~ own[0] ~ at.tail}) -%}
        {%- elif table == 'inferences' and role in ['embedding', 'attribution'] -%}
            {%- do faults.extend(ml_monitor.vector_faults(about, meta, path, file, declared.parts, inferences, explained)) -%}
        {%- elif table == 'inferences' and role == 'class_score' -%}
            {%- do faults.extend(ml_monitor.class_score_faults(about, meta, path, file, task, scored)) -%}
        {%- elif table == 'inferences' and role == 'treatment' -%}
            {%- do faults.extend(ml_monitor.treatment_faults(about, meta, path, file, ml_monitor.staging_meta(monitor, 'inferences'))) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- for role, often in roles.items() if often in ['required', 'some'] and role not in seen -%}
        {%- do faults.append({'file': file, 'key': node.name ~ '.columns', 'found': 'no column with role ' ~ role,
            'allowed': 'exactly one' if often == 'required' else described[role].missing, 'snippet': ml_monitor.example_of_role(role)}) -%}
    {%- endfor -%}
    {%- do return(faults) -%}
{% endmacro %}


{#- The `meta` of a column in dbt's graph. Arguments: column (dict of a graph node). Returns: dict. -#}
{% macro column_meta(column) %}
    {%- do return(column.config.meta if column.config and column.config.meta else column.meta or {}) -%}
{% endmacro %}


{#- Faults of values that do not fit each other or the type of the column. Arguments: about, meta, at (dicts as in column_faults). -#}
{% macro value_faults(about, meta, at) %}
    {%- set faults = [] -%}
    {%- set accepted = meta.get('accepted_values') -%}
    {%- set given = {'accepted_values': accepted} if ml_monitor.is_list(accepted) else {} -%}
    {%- if 'default_value' in meta and about.kind == 'categorical' -%}
        {%- do given.update({'default_value': [meta.default_value]}) -%}
    {%- endif -%}
    {%- for key, values in given.items() if about.type -%}
        {%- set wrong = ml_monitor.values_of_other_types(values, about.type) -%}
        {%- if wrong -%}
            {%- set class = ml_monitor.type_class(about.type) -%}
            {%- set quoted = [] -%}
            {%- for value in values -%}
                {%- set text = {'True': 'yes', 'False': 'no'}.get(value | string, value | string) -%}
                {%- do quoted.append("'" ~ text.replace("'", "''") ~ "'") -%}
            {%- endfor -%}
            {%- set written = {'boolean': ['true', 'false'], 'whole': ['0', '1'], 'number': ['0.5', '1']}.get(class, quoted) -%}
            {%- do faults.append({
                'file': at.file, 'key': at.path ~ '.' ~ key,
                'found': wrong | join(', ') ~ ' on a column of type ' ~ about.type,
                'allowed': {
                    'boolean': 'true and false, without quotes', 'whole': 'whole numbers, without quotes',
                    'number': 'numbers, without quotes',
                }.get(class, 'texts in quotes, as the data has them: without quotes YAML reads 01321 as 721, 12:30 as 750, 1.10 as 1.1 '
                    'and yes, no, on, off as true and false'),
                'snippet': at.head ~ key ~ ': ' ~ ('[' ~ written | join(', ') ~ ']' if key == 'accepted_values' else written[0]) ~ at.tail,
            }) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- if meta.get('min') is number and meta.get('max') is number and meta.min > meta.max -%}
        {%- do faults.append({'file': at.file, 'key': at.path ~ '.min', 'found': meta.min ~ ' above max ' ~ meta.max,
            'allowed': 'min <= max', 'snippet': at.head ~ 'min: ' ~ meta.max ~ ', max: ' ~ meta.min ~ at.tail}) -%}
    {%- endif -%}
    {%- if meta.get('hard') is true and meta.get('max_null_rate') != 0
        and not ['min', 'max', 'accepted_values', 'pattern'] | select('in', meta.keys()) | list -%}
        {%- do faults.append({'file': at.file, 'key': at.path ~ '.hard', 'found': 'no rule that a row could break',
            'allowed': 'hard beside min, max, accepted_values, pattern, or max_null_rate: 0',
            'snippet': at.head ~ 'max_null_rate: 0, hard: true' ~ at.tail}) -%}
    {%- endif -%}
    {%- do return(faults) -%}
{% endmacro %}


{#-
  The values of a declaration that are not of the type of their column, as a message shows them.
  Arguments: values (list), type (string). Returns: list of strings.
-#}
{% macro values_of_other_types(values, type) %}
    {%- set class, wrong = ml_monitor.type_class(type), [] -%}
    {%- for value in values -%}
        {%- set is_number = value is number and value is not boolean -%}
        {%- set fits = {
            'boolean': value is boolean, 'whole': is_number and value == value | int, 'number': is_number,
        }.get(class, value is string) -%}
        {%- if not fits -%}
            {%- set name = 'null' if value is none else 'a boolean' if value is boolean else 'a number' if value is number
                else 'a text' if value is string else 'not a text' -%}
            {%- set shown = value | string | lower if value is boolean else value | string -%}
            {%- do wrong.append(name if value is none else shown ~ ' (' ~ name ~ ')') -%}
        {%- endif -%}
    {%- endfor -%}
    {%- do return(wrong) -%}
{% endmacro %}


{#-
  The fault of a column whose type its role cannot have: times with a zone, ids that are fractions, scores that are texts.
  Arguments: about (dict as in column_faults), role (dict of column_roles), path, file, task (strings).
-#}
{% macro type_faults(about, role, path, file, task) %}
    {%- set is_target = about.role in ['label', 'prediction'] and task == 'regression' -%}
    {%- set classes = ['whole', 'number'] if is_target else role.classes -%}
    {%- set class = ml_monitor.type_class(about.type) -%}
    {%- if not classes or class in classes -%}{%- do return([]) -%}{%- endif -%}
    {%- set is_time = classes == ['timestamp'] -%}
    {%- set type = role.type if role.type and not is_target else 'double' if 'number' in classes else 'string' -%}
    {%- set name = about.name if modules.re.match('^[a-z_][a-z0-9_]*$', about.name) else adapter.quote(about.name) -%}
    {%- if class == 'timestamptz' -%}{%- set cast_text = name ~ " at time zone 'UTC'" -%}
    {%- elif is_time and class == 'text' -%}{%- set cast_text = "{{ ml_monitor.utc_timestamp('" ~ name ~ "') }}" -%}
    {%- else -%}{%- set cast_text = 'cast(' ~ name ~ ' as ' ~ ml_monitor.sql_type(type) ~ ')' -%}
    {%- endif -%}
    {%- set nouns = {'text': 'a text', 'whole': 'a whole number', 'number': 'a number', 'boolean': 'a boolean', 'uuid': 'a uuid',
        'timestamp': 'a timestamp in UTC, without time zone'} -%}
    {%- set allowed = [] -%}
    {%- for one in classes -%}{%- do allowed.append(nouns[one]) -%}{%- endfor -%}
    {%- do return([{
        'file': file, 'key': path ~ '.data_type', 'found': about.type ~ ' on a column with role ' ~ about.role,
        'allowed': allowed | join(', '),
        'snippet': '- {name: ' ~ about.name ~ ', data_type: ' ~ type ~ ', config: {meta: {role: ' ~ about.role ~ '}}}\n-- in its SQL:\n'
            ~ cast_text ~ ' as ' ~ name,
    }]) -%}
{% endmacro %}


{#-
  Faults of the name of a column.
  Arguments: about (dict as in column_faults), path, file (strings), names (dict of the names before: lower case -> name; extended).
-#}
{% macro name_faults(about, path, file, names) %}
    {%- set faults = [] -%}
    {%- set name, refusal = about.name, ml_monitor.name_refusal(about.name) -%}
    {%- set fault = {'file': file, 'key': path, 'found': refusal} -%}
    {%- if '"' in name or '`' in name -%}
        {%- set alias = name.replace('"', '').replace('`', '').replace(' ', '_') | lower -%}
        {%- do faults.append(dict(fault, allowed='names without \' " \' and \' ` \'; give the column an alias in the staging SQL',
            snippet='select ' ~ adapter.quote(name.replace('"', '""')) ~ ' as ' ~ alias)) -%}
    {%- elif not modules.re.match('^[A-Za-z_][A-Za-z0-9_]*$', name) and not about.quote -%}
        {%- do faults.append({'file': file, 'key': path ~ '.quote',
            'found': 'no quote for a name with special characters', 'allowed': 'quote: true',
            'snippet': '- {name: "' ~ name ~ '", quote: true, data_type: ' ~ ml_monitor.type_in_yaml(about.type or 'double') ~ '}'}) -%}
    {%- elif refusal -%}
        {%- do faults.append(dict(fault, allowed='names that do not begin with ml_',
            snippet='select ' ~ name ~ ' as my_' ~ name)) -%}
    {%- endif -%}
    {%- if name.lower() in names -%}
        {%- do faults.append(dict(fault, found='differs from ' ~ names[name.lower()] ~ ' by case only',
            allowed='names that are unique ignoring case; give one an alias in the staging SQL',
            snippet='select ' ~ adapter.quote(name) ~ ' as ' ~ name | lower ~ '_2')) -%}
    {%- endif -%}
    {%- do names.update({name.lower(): name}) -%}
    {%- do return(faults) -%}
{% endmacro %}


{#-
  Faults of a feature of offline: the feature of the inferences that it is compared with.
  Arguments: about (dict as in column_faults), path, file (strings), features (list of columns of the inferences).
-#}
{% macro offline_feature_faults(about, path, file, features) %}
    {%- set head = '- {name: ' ~ about.name ~ ', data_type: ' -%}
    {%- set fault = {'file': file, 'key': path ~ '.data_type', 'found': about.type or 'none'} -%}
    {%- set own = (features | selectattr('name', 'equalto', about.name) | list + [none])[0] -%}
    {%- if not own -%}
        {%- set names = features | map(attribute='name') | list -%}
        {%- do return([dict(fault, key=path, found='a feature that the inferences do not have',
            allowed='features of ' ~ about.inferences ~ ': ' ~ names | join(', ')
                ~ '; give it the same name in the staging SQL, or role context',
            snippet='- {name: ' ~ (names + ['amount'])[0] ~ ', data_type: ' ~ (about.type or 'double')
                ~ ', config: {meta: {role: feature}}}')]) -%}
    {%- elif about.type and own.kind != about.kind -%}
        {%- do return([dict(fault, found=about.kind ~ ' (' ~ about.type ~ ')',
            allowed=own.kind ~ ', as in ' ~ about.inferences ~ ' (' ~ own.data_type ~ ')',
            snippet=head ~ own.data_type ~ ', config: {meta: {role: feature, kind: ' ~ own.kind ~ '}}}')]) -%}
    {%- endif -%}
    {%- do return([]) -%}
{% endmacro %}

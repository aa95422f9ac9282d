{#-
  Sets role and why (what it was guessed from) of every column. A name proposes; type and data may refuse. Where no name speaks for
  a required role, the data do. A column with a role keeps it; what is left is feature or context.

  Arguments: about (dict as in suggest_contract; `given`, a list of [role, column] that are certain; `partner`, a list of columns: of the
    other of inferences and labels, which has the same prediction id; `label`, the column of the labels).
-#}
{% macro guess_roles(about) %}
    {%- set columns, rows = about.columns, about.rows -%}
    {%- for role, name in about.given or [] -%}
        {%- set named = columns | selectattr('name', 'equalto', name) | list -%}
        {%- do ml_monitor.take_role((named + [none])[0], role, 'as you said') -%}
    {%- endfor -%}
    {%- if about.table in ['inferences', 'labels'] and about.partner -%}
        {%- do ml_monitor.guess_shared_id(about) -%}
    {%- elif about.table == 'reference' and about.label -%}
        {%- set same = columns | selectattr('why', 'equalto', '') | selectattr('name', 'equalto', about.label.name) | list -%}
        {%- do ml_monitor.take_role((same + [none])[0], 'label', 'as in the labels') -%}
    {%- endif -%}
    {%- set taken = columns | rejectattr('why', 'equalto', '') | map(attribute='role') | list -%}
    {%- for guess in ml_monitor.role_names() if about.table in guess.tables and guess.role != 'entity_id'
        and guess.role not in taken -%}
        {%- set c = ml_monitor.by_name(columns, guess.role) -%}
        {%- if c and guess.role == 'score' -%}
            {%- if (c.outside_unit or 0) <= 0.001 * (c.finite or 0) -%}
                {%- set seen = c.outside_unit ~ ' values outside [0, 1]' if c.outside_unit else 'all values in [0, 1]' -%}
                {%- do ml_monitor.take_role(c, 'score', 'by name' ~ (', ' ~ seen if c.finite else '')) -%}
            {%- else -%}
                {%- do c.notes.append('named like a score, but ' ~ c.outside_unit ~ ' values are outside [0, 1]') -%}
            {%- endif -%}
        {%- elif c and (not guess.most or c.distinct <= guess.most or c.key == guess.role == 'model_version') -%}
            {%- do ml_monitor.take_role(c, guess.role, 'by name') -%}
        {%- endif -%}
    {%- endfor -%}

    {#- What no name spoke for. -#}
    {%- if about.table in ['inferences', 'labels'] and not columns | selectattr('role', 'equalto', 'prediction_id') | list -%}
        {%- set found = [] -%}
        {%- for c in columns if c.why == '' and rows > 1 and (c.type_class == 'text' or c.whole) and c.distinct >= 0.9 * rows -%}
            {%- do found.append(c) -%}
        {%- endfor -%}
        {%- do ml_monitor.take_role((found + [none])[0], 'prediction_id', 'the first with a value of its own in almost every row') -%}
    {%- endif -%}
    {%- set moment = {'inferences': 'event_time', 'labels': 'label_time'}.get(about.table) -%}
    {%- if moment and not columns | selectattr('role', 'equalto', moment) | list -%}
        {%- set left = columns | selectattr('type_class', 'equalto', 'timestamp') | selectattr('why', 'equalto', '') | list -%}
        {%- do ml_monitor.take_role((left + [none])[0], moment, 'the first timestamp') -%}
    {%- endif -%}
    {%- if about.table == 'inferences' -%}
        {%- do ml_monitor.judge_ingest_time(about) -%}
        {%- do ml_monitor.guess_entity(about) -%}
        {%- do ml_monitor.take_probability(about) -%}
    {%- elif about.table == 'labels' -%}
        {%- set values = ['numeric', 'text', 'boolean'] -%}
        {%- set left = columns | selectattr('why', 'equalto', '') | selectattr('type_class', 'in', values) | list -%}
        {%- set two = left | selectattr('distinct', 'le', 2) | list -%}
        {%- if not columns | selectattr('role', 'equalto', 'label') | list and (left | length == 1 or two | length == 1) -%}
            {%- set why = 'the only column left' if left | length == 1 else 'the only column left of two values' -%}
            {%- do ml_monitor.take_role((left if left | length == 1 else two)[0], 'label', why) -%}
        {%- endif -%}
    {%- elif about.table == 'other' -%}
        {%- if not columns | selectattr('role', 'equalto', 'join_key') | list -%}{%- do ml_monitor.guess_join_keys(about) -%}{%- endif -%}
    {%- endif -%}

    {%- for c in columns if c.why == '' and about.table == 'inferences' -%}
        {%- do ml_monitor.guess_feature(c, about) -%}
    {%- endfor -%}
{% endmacro %}


{#- Whether a column of the inferences that has no other role is a feature, how it is counted, and why. Arguments: c, about (dicts). -#}
{% macro guess_feature(c, about) %}
    {%- set labels = (ml_monitor.role_names() | selectattr('role', 'equalto', 'label') | list)[0].names[:3] | join('|') -%}
    {%- set is_large = about.rows >= 100 -%}
    {%- set is_few = c.distinct is number and c.distinct <= 500 and (not is_large or c.distinct <= 0.5 * c.filled) -%}
    {%- set is_key = modules.re.match('^(.*_)?(id|key|uuid|guid|hash)$', c.key) -%}
    {%- set is_code = modules.re.match('^(.*_)?(' ~ ml_monitor.code_names() ~ ')(_(id|key|code|nr|no|num))?$', c.key) -%}
    {%- set is_whole = c.type_class == 'numeric' and c.whole_values == c.finite == c.filled -%}
    {%- set is_flag = is_whole and c.distinct == 2 and c.least == 0 and c.greatest == 1 and not c.is_amount -%}
    {%- if not c.filled -%}
        {%- do c.update({'why': 'no value to tell from'}) -%}
    {%- elif modules.re.match('^(' ~ labels ~ ')$', c.key) or (about.label and c.name == about.label.name) -%}
        {%- do c.update({'why': 'named like a label: as a feature it would be leakage'}) -%}
    {%- elif c.type_class not in ['boolean', 'numeric'] and modules.re.match('^(' ~ ml_monitor.personal_names() ~ ')$', c.key) -%}
        {%- do c.update({'why': 'named like personal data: no feature, and its values are in no message', 'meta': ['personal: true']}) -%}
    {%- elif c.type_class == 'boolean' -%}
        {%- do c.update({'role': 'feature', 'why': 'a boolean'}) -%}
    {%- elif is_flag -%}
        {%- do c.update({'role': 'feature', 'why': 'a flag of 0 and 1', 'categorical': true, 'is_flag': true}) -%}
    {%- elif (is_key or is_code) and is_few and is_large and (c.type_class == 'text' or is_whole) -%}
        {%- do c.update({'role': 'feature', 'why': 'named like a code, of few values', 'categorical': c.type_class == 'numeric'}) -%}
    {%- elif is_key -%}
        {%- do c.update({'why': 'named like a key'}) -%}
    {%- elif c.type_class == 'numeric' and c.whole and is_large and c.distinct >= 0.95 * about.rows -%}
        {%- do c.update({'why': 'whole numbers, almost all different, as keys are'}) -%}
    {%- elif c.type_class == 'numeric' -%}
        {%- do c.update({'role': 'feature', 'why': 'a number'}) -%}
    {%- elif c.type_class == 'text' and c.times >= 0.99 * c.filled -%}
        {%- do c.update({'why': 'timestamps as text'}) -%}
    {%- elif c.type_class == 'text' and is_few -%}
        {%- do c.update({'role': 'feature', 'why': 'a text of few values'}) -%}
    {%- elif c.type_class == 'text' -%}
        {%- do c.update({'why': 'a text of many values: no feature as it is'}) -%}
    {%- else -%}
        {%- do c.update({'why': 'of type ' ~ (c.type_class if c.type_class != 'other' else c.engine_type.lower().split('(')[0])}) -%}
    {%- endif -%}
{% endmacro %}


{#- Names of whole numbers that are codes and no amounts, as a regular expression. -#}
{% macro code_names() %}
    {%- do return('code|type|class|category|cat|group|zone|area|region|district|sector|segment|cluster|branch|store|shop|vendor|carrier|'
        ~ 'channel|zip|zip_?code|postcode|postal_code|status|state|method|mode|gender|sex|kind|bucket|country|currency|language|plan|tier|'
        ~ 'product|brand|platform|ward|clinic|hospital|department|line|route|site|plant|machine|label|reason') -%}
{% endmacro %}


{#- Names of personal data, as a regular expression. -#}
{% macro personal_names() %}
    {%- set person = 'first|last|given|family|middle|full|maiden|nick|sur|user|customer|client|patient|member|person|contact|holder|'
        ~ 'employee|driver|passenger|display|login' -%}
    {%- do return('(.*_)?e_?mails?(_address)?|(.*_)?(phone|telephone|mobile|fax|cell)(_?(number|no|nr))?|name|(.*_)?(' ~ person ~ ')_?name|'
        ~ 'user|login|(.*_)?ip(_?(address|addr|v4|v6))?|(.*_)?(address|addr|street)(_?line)?(_?[0-9])?|'
        ~ '(.*_)?(birth_?(date|day)|date_of_birth|dob|ssn|social_security(_number)?|passport(_number)?|iban|(credit_?)?card_number)') -%}
{% endmacro %}


{#-
  The prediction id of inferences and labels, where both are known: a column that both have, by its name. Of several the one whose name
  speaks best, else the first; in the inferences almost every row has a value of its own.
-#}
{% macro guess_shared_id(about) %}
    {%- set theirs, shared = about.partner | map(attribute='name') | list, [] -%}
    {%- set is_given = about.columns | selectattr('role', 'equalto', 'prediction_id') | list -%}
    {%- for c in about.columns if c.why == '' and not is_given and c.name in theirs and (c.type_class == 'text' or c.whole)
        and (about.table == 'labels' or about.rows < 2 or c.distinct >= 0.7 * about.rows) -%}
        {%- do shared.append(c) -%}
    {%- endfor -%}
    {%- set other = 'labels' if about.table == 'inferences' else 'inferences' -%}
    {%- do ml_monitor.take_role(ml_monitor.by_name(shared, 'prediction_id') or (shared + [none])[0], 'prediction_id',
        'the ' ~ other ~ ' have it too') -%}
{% endmacro %}


{#- The entity: a column named like one, with more values than a code has. -#}
{% macro guess_entity(about) %}
    {%- set guess = (ml_monitor.role_names() | selectattr('role', 'equalto', 'entity_id') | list)[0] -%}
    {%- for pattern in guess.names if not about.columns | selectattr('role', 'equalto', 'entity_id') | list -%}
        {%- set most_of_a_code = 500 if pattern == '.*_id' else 20 -%}
        {%- for c in about.columns if c.why == '' and c.type_class in guess.classes and modules.re.match('^(' ~ pattern ~ ')$', c.key)
            and (about.rows < 100 or c.distinct > [most_of_a_code, 0.5 * c.filled] | min)
            and not about.columns | selectattr('role', 'equalto', 'entity_id') | list -%}
            {%- do ml_monitor.take_role(c, 'entity_id', 'by name') -%}
        {%- endfor -%}
    {%- endfor -%}
{% endmacro %}


{#- A prediction that is a fraction between 0 and 1, where the labels have two values or there are none, is a probability: the score. -#}
{% macro take_probability(about) %}
    {%- set prediction = (about.columns | selectattr('role', 'equalto', 'prediction') | list + [none])[0] -%}
    {%- set label = about.label -%}
    {%- set is_binary = not label or label.type_class == 'boolean' or (label.whole_values == label.finite and not label.outside_unit) -%}
    {%- if prediction and prediction.finite and not prediction.outside_unit and prediction.whole_values < prediction.finite and is_binary
        and prediction.why != 'as you said' and about.task != 'regression'
        and not about.columns | selectattr('role', 'equalto', 'score') | list -%}
        {%- do ml_monitor.take_role(prediction, 'score', 'named like a prediction, but a fraction between 0 and 1, as a probability is') -%}
    {%- endif -%}
{% endmacro %}


{#- Gives a column (or none) a role. -#}
{% macro take_role(column, role, why) %}
    {%- if column -%}{%- do column.update({'role': role, 'why': why}) -%}{%- endif -%}
{% endmacro %}


{#-
  Ingest time comes after the event: a column named so that does not is refused. Then, or without such a name, the first timestamp is taken
  that does in 95 % of its rows, unless its name speaks of something else. Ten minutes are the default event_tolerance_minutes.
-#}
{% macro judge_ingest_time(about) %}
    {%- set event = (about.columns | selectattr('role', 'equalto', 'event_time') | list + [none])[0] -%}
    {%- set named = (about.columns | selectattr('role', 'equalto', 'ingest_time') | list + [none])[0] -%}
    {%- set candidates, counts = [named] if named else [], [] -%}
    {%- for c in about.columns if c.type_class == 'timestamp' and c.why == '' and c.filled
        and not modules.re.search('label|outcome|actual|valid|expir|due|sched|plan|depart|arriv|start|end|until|birth|hour|day', c.key) -%}
        {%- do candidates.append(c) -%}
    {%- endfor -%}
    {%- if event and event.filled and candidates -%}
        {%- for c in candidates -%}
            {%- set latest = 'cast(' ~ ml_monitor.date_add('minute', 10, c.sql) ~ ' as timestamp)' -%}
            {%- do counts.extend([
                'count(case when ' ~ event.sql ~ ' is not null then ' ~ c.sql ~ ' end) as both_' ~ loop.index0,
                'count(case when ' ~ event.sql ~ ' <= ' ~ latest ~ ' then 1 end) as in_order_' ~ loop.index0,
            ]) -%}
        {%- endfor -%}
        {%- set row = ml_monitor.first_row(counts, about.sql) -%}
        {%- set taken = namespace(done=false) -%}
        {%- for c in candidates -%}
            {%- set both = row['both_' ~ loop.index0] | int -%}
            {%- set share = (row['in_order_' ~ loop.index0] | int) / both if both else 0 -%}
            {%- if both and share >= 0.95 and not taken.done -%}
                {%- set source = 'by name' if c.role == 'ingest_time' else 'a timestamp' -%}
                {%- set why = source ~ ', not before the event in ' ~ ml_monitor.percent(share) ~ ' of rows' -%}
                {%- do ml_monitor.take_role(c, 'ingest_time', why) -%}
                {%- set taken.done = true -%}
            {%- elif both and c.role == 'ingest_time' -%}
                {%- set why = 'named like ingest_time, but before the event in ' ~ ml_monitor.percent(1 - share) ~ ' of rows' -%}
                {%- do ml_monitor.take_role(c, 'context', why) -%}
            {%- endif -%}
        {%- endfor -%}
    {%- endif -%}
{% endmacro %}


{#-
  join_key of a lookup: the fewest columns, at most two, that tell its rows apart. Where the inferences of the monitor are declared, or
  known (`about.inference_names`), only columns that they have too; a key `id` of the lookup `customer` is their `customer_id`.
-#}
{% macro guess_join_keys(about) %}
    {%- set name = about.name.split('__') -%}
    {%- set inferences = ml_monitor.staging_node(name[0][4:], 'inferences') if name | length == 2 else none -%}
    {%- set declared = about.inference_names or (inferences.columns.keys() | list if inferences else []) -%}
    {%- set ns = namespace(keys=[], why='') -%}
    {%- set candidates, pairs, counts = [], [], [] -%}
    {%- for c in about.columns if c.type_class in ['text', 'timestamp', 'date'] or c.whole -%}
        {%- if not declared or c.name in declared -%}
            {%- do candidates.append(c) -%}
        {%- elif name[1] ~ '_' ~ c.name in declared -%}
            {%- do c.update({'inference_column': name[1] ~ '_' ~ c.name}) -%}
            {%- do candidates.append(c) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- for c in candidates if not ns.keys and about.rows and c.distinct == about.rows -%}
        {%- set ns.keys = [c] -%}
        {%- set ns.why = 'different in every row' -%}
    {%- endfor -%}
    {%- if not ns.keys and about.rows -%}
        {%- for first in candidates[:6] -%}
            {%- for second in candidates[:6] if candidates.index(second) > candidates.index(first) -%}
                {%- do counts.append('count(distinct (' ~ first.sql ~ ', ' ~ second.sql ~ ')) as pair_' ~ pairs | length) -%}
                {%- do pairs.append([first, second]) -%}
            {%- endfor -%}
        {%- endfor -%}
        {%- if pairs -%}
            {%- set row = ml_monitor.first_row(counts, about.sql) -%}
            {%- for pair in pairs -%}
                {%- set count = row['pair_' ~ loop.index0] | int -%}
                {%- if not ns.keys and count >= 0.99 * about.rows -%}
                    {%- set ns.keys = pair -%}
                    {%- set ns.why = 'as a pair different in ' ~ ml_monitor.percent(count / about.rows) ~ ' of rows' -%}
                {%- endif -%}
            {%- endfor -%}
        {%- endif -%}
    {%- endif -%}
    {%- if not ns.keys and candidates -%}
        {%- set ns.keys = candidates if declared else candidates[:1] -%}
        {%- set ns.why = 'also a column of the inferences' if declared else 'the first that could be a key; nothing tells rows apart' -%}
    {%- endif -%}
    {%- for c in ns.keys -%}
        {%- do ml_monitor.take_role(c, 'join_key', ns.why) -%}
        {%- if c.inference_column -%}
            {%- do c.meta.append('inference_column: ' ~ ml_monitor.yaml_scalar(c.inference_column)) -%}
        {%- endif -%}
    {%- endfor -%}
{% endmacro %}

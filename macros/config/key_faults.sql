{#-
  The faults of what YAML has under a table of keys: unknown keys, missing ones, values that a key does not allow, keys that would have no
  effect. Rules that relate several keys or columns are in monitor_faults and column_faults.

  Arguments:
    keys (list of dicts): monitor_keys, column_keys, or the fields of one of them
    given (dict): what YAML has
    at (dict): file, path (of the keys); head, tail (what a snippet has around `key: value`); plain (the snippet of an unknown key). Or
      `snippet`, the snippet of all of them
    declared (dict): what a key may need: settings (dict), parts (list), columns (list of those of staging_columns), monitor (string)
    column (dict, for column_keys): role, is_known (a role of the table), table, is_lookup, type, kind, hard
  Returns: list of dicts as in declaration_faults.
-#}
{% macro key_faults(keys, given, at, declared={}, column=none) %}
    {%- set faults, names = [], keys | map(attribute='key') | list -%}
    {%- for name in given if name not in names -%}
        {%- set near = ml_monitor.nearest_name(name | string, names) -%}
        {%- do faults.append({
            'file': at.file, 'key': at.path ~ '.' ~ name, 'found': 'unknown key ' ~ name ~ ('; is it ' ~ near ~ '?' if near else ''),
            'allowed': names | join(', '), 'snippet': at.snippet or at.plain,
        }) -%}
    {%- endfor -%}
    {%- for key in keys if key.key in given or key.required -%}
        {%- set value = given.get(key.key) -%}
        {%- set fault = {
            'file': at.file, 'key': at.path ~ '.' ~ key.key, 'allowed': ml_monitor.allowed_text(key),
            'found': 'nothing' if value is none else value | string | lower if value is boolean else value,
            'snippet': at.snippet or at.head ~ key.key ~ ': ' ~ key.example ~ at.tail,
        } -%}
        {%- if column and not ml_monitor.has_effect(key, column) -%}
            {%- set where = column.role ~ (' of ' ~ column.table if column.table != 'inferences' else '') -%}
            {%- do faults.append(dict(fault, found=key.key ~ ' on a column with role ' ~ where, allowed='on ' ~ key.on,
                snippet=at.plain)) -%}
        {%- elif column and key.kind and column.kind in ['numeric', 'categorical'] and column.kind != key.kind -%}
            {%- do faults.append(dict(fault, found=key.noun ~ ' on a ' ~ column.kind ~ ' column (' ~ column.type ~ ')',
                allowed=key.instead[0], snippet=at.head ~ key.instead[1] ~ at.tail)) -%}
        {%- elif key.type == 'value' and column.kind == 'numeric' and (value is not number or value is boolean) -%}
            {%- do faults.append(dict(fault, allowed='a number, as the column is')) -%}
        {%- elif not ml_monitor.is_allowed(key, value) -%}
            {%- set near = ml_monitor.nearest_name(value, key.choices) if value is string and key.choices and key.type == 'text' -%}
            {%- do faults.append(fault if not near else dict(fault, found=value ~ '; is it ' ~ near ~ '?',
                snippet=at.snippet or at.head ~ key.key ~ ': ' ~ near ~ at.tail)) -%}
        {%- elif key.fields -%}
            {%- set below = {'file': at.file, 'snippet': fault.snippet} -%}
            {%- for item in (value if key.type == 'list' else [value]) -%}
                {%- set path = fault.key ~ ('[' ~ loop.index0 ~ ']' if key.type == 'list' else '') -%}
                {%- if item is mapping -%}
                    {%- do faults.extend(ml_monitor.key_faults(key.fields, item, dict(below, path=path))) -%}
                {%- else -%}
                    {%- set fields = key.fields | map(attribute='key') | join(', ') -%}
                    {%- do faults.append(dict(fault, key=path, found=item, allowed='a dict of ' ~ fields)) -%}
                {%- endif -%}
            {%- endfor -%}
        {%- endif -%}
        {%- set is_set = (value or value == 0) and value is not false -%}
        {%- for need in (key.needs if key.needs and is_set and (not column or column.role in key.roles.inferences) else []) -%}
            {%- set lacking = ml_monitor.lacking(need, declared) -%}
            {%- if lacking -%}
                {%- do faults.append(dict(fault, found=key.key ~ ' ' ~ lacking.found, allowed=need.allowed,
                    snippet=lacking.snippet or at.head ~ lacking.line ~ '\n      ' ~ key.key ~ ': ' ~ fault.found)) -%}
            {%- endif -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- do return(faults) -%}
{% endmacro %}


{#- Whether a key has an effect on a column. Arguments: key (dict of column_keys), column (dict as in key_faults). Returns: boolean. -#}
{% macro has_effect(key, column) %}
    {%- if not key.roles -%}{%- do return(true) -%}{%- endif -%}
    {%- set roles = key.roles.get('lookup' if column.is_lookup else column.table, []) -%}
    {#- A role that is not known is a fault already, and which keys belong to it is not known either. -#}
    {%- do return(roles is none or (roles and not column.is_known) or column.role in roles
        or (key.with_hard and column.table == 'inferences' and column.hard)) -%}
{% endmacro %}


{#-
  What a need of a key lacks. Arguments: need (dict of monitor_keys), declared (dict as in key_faults).
  Returns: dict found (text), snippet or line (what to write, above the key); none if nothing is lacking.
-#}
{% macro lacking(need, declared) %}
    {%- if need.beside -%}
        {%- set other, element = need.beside -%}
        {%- set elements = declared.settings.get(other) -%}
        {%- if not ml_monitor.is_list(elements) or element not in elements -%}
            {%- do return({'found': 'without ' ~ element ~ ' in ' ~ other, 'line': need.write}) -%}
        {%- endif -%}
    {%- elif need.task and declared.settings.task in ['binary', 'multiclass', 'regression'] and declared.settings.task != need.task -%}
        {%- do return({'found': 'of a ' ~ declared.settings.task ~ ' task', 'line': 'task: ' ~ need.task}) -%}
    {%- elif need.part and need.part not in declared.parts -%}
        {%- do return({'found': 'without the part ' ~ need.part ~ ', which reads it',
            'snippet': 'vars:\n  ml_monitors:\n    ' ~ declared.monitor ~ ': [' ~ (declared.parts + [need.part]) | join(', ') ~ ']'}) -%}
    {%- elif need.role -%}
        {%- set columns = declared.columns | selectattr('role', 'equalto', need.role) | list -%}
        {%- if not columns or (need.kind and columns[0].kind != need.kind) -%}
            {%- do return({'found': 'without a column with role ' ~ need.role ~ (' that is a number' if need.kind == 'numeric' else ''),
                'snippet': ml_monitor.example_of_role(need.role)}) -%}
        {%- endif -%}
    {%- endif -%}
    {%- do return(none) -%}
{% endmacro %}


{#- Whether a key may have a value, by itself. Arguments: key (dict of a table of keys), value. Returns: boolean. -#}
{% macro is_allowed(key, value) %}
    {%- set type = key.type -%}
    {%- if type in ['number', 'whole'] -%}
        {%- set is_number = value is number and value is not boolean and (type == 'number' or value is integer) -%}
        {%- do return(is_number and not ((key.min is defined and value < key.min) or (key.max is defined and value > key.max)
            or (key.above is defined and value <= key.above))) -%}
    {%- elif type == 'list' -%}
        {%- if not ml_monitor.is_list(value) or (key.filled and not value) -%}{%- do return(false) -%}{%- endif -%}
        {%- do return(not (key.choices and value | reject('in', key.choices) | list)
            and not (key.unique and value | unique | list | length < value | length)) -%}
    {%- endif -%}
    {%- if type == 'boolean' -%}{%- do return(value is boolean) -%}{%- endif -%}
    {%- if type == 'dict' -%}{%- do return(value is mapping) -%}{%- endif -%}
    {%- if type == 'time zone' -%}{%- do return(value in modules.pytz.all_timezones) -%}{%- endif -%}
    {%- if type == 'date' -%}{%- do return(modules.re.match('^[0-9]{4}-[0-9]{2}-[0-9]{2}$', value | string) is not none) -%}{%- endif -%}
    {%- if type == 'value' -%}{%- do return(value is not none and value is not mapping and not ml_monitor.is_list(value)) -%}{%- endif -%}
    {%- set is_text = value is string and value != '' and value in (key.choices or [value]) -%}
    {%- do return(is_text and (not key.matches or modules.re.match(key.matches, value) is not none)) -%}
{% endmacro %}


{#- What a key allows, in words. Arguments: key (dict of a table of keys). Returns: string (Markdown). -#}
{% macro allowed_text(key) %}
    {%- if key.allowed -%}{%- do return(key.allowed) -%}{%- endif -%}
    {%- if key.choices -%}
        {%- do return(('a list of ' if key.type == 'list' else '') ~ key.choices | join(', ') ~ (', each once' if key.unique else '')) -%}
    {%- endif -%}
    {%- set range = ', ' ~ key.min ~ ' to ' ~ key.max if key.max is defined else ', ' ~ key.min ~ ' or more' if key.min is defined
        else ' above ' ~ key.above if key.above is defined else '' -%}
    {%- do return({
        'number': 'a number' ~ range, 'whole': 'a whole number' ~ range, 'boolean': 'true, false',
        'text': 'a text', 'date': 'a date', 'list': 'a list', 'dict': 'a dict',
    }[key.type]) -%}
{% endmacro %}

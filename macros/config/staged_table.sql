{#-
  A raw table as its staging model will select it: every column by a name that declarations take, times in UTC and without zone, types that
  have no order left out. The guesses are then about what the staging model has.

  Arguments:
    monitor, part (strings)
    relation (string) and found (dict of suggestion_source)
    given (list of [role, column]): roles that are certain, by the names of the raw table
  Returns: dict as suggest_contract has it, with raw_columns (all columns of the table), and for staging_text the `expression` of each
    column; `is_written` is false if the relation is the staging model itself.
-#}
{% macro staged_table(monitor, part, relation, found, given) %}
    {%- set name = 'stg_' ~ monitor ~ '__' ~ part -%}
    {%- set raw = ml_monitor.suggestion_columns(found.sql) -%}
    {%- do ml_monitor.measure_columns(found.sql, raw) -%}
    {%- set about = {
        'source': found.about, 'relation': relation, 'from': found.from, 'sql': found.sql, 'part': part, 'name': name, 'columns': raw,
        'table': part if part in ['inferences', 'labels', 'reference'] else 'other', 'rows': raw[0].rows, 'given': [],
        'raw_columns': raw, 'is_written': relation != name, 'left_out': [],
    } -%}
    {%- if not about.is_written -%}{%- do about.update({'given': given}) -%}{%- do return(about) -%}{%- endif -%}
    {%- set taken, changed, columns = [], [], [] -%}
    {%- set names = raw | map(attribute='name') | map('lower') | list -%}
    {%- set moments = [] -%}
    {%- for c in raw if c.type_class == 'timestamp' or ml_monitor.is_time_text(c) -%}{%- do moments.append(c) -%}{%- endfor -%}
    {%- for c in raw -%}
        {%- set roles = given | selectattr(1, 'equalto', c.name) | map('first') | list -%}
        {%- set own = ml_monitor.allowed_name(c, taken, names) -%}
        {%- do taken.append(own.name.lower()) -%}
        {%- for role in roles -%}{%- do about.given.append([role, own.name]) -%}{%- endfor -%}
        {%- set is_moment = roles | select('in', ['event_time', 'ingest_time', 'label_time', 'feature_time']) | list or not moments -%}
        {%- set note, expression = ml_monitor.staged_expression(c, is_moment) -%}
        {%- if c.type_class == 'other' -%}
            {%- do about.left_out.append(c) -%}
        {%- elif note or own.name != c.name -%}
            {%- set renamed = 'was ' ~ c.name ~ ' (' ~ own.refusal ~ ')' if own.name != c.name else '' -%}
            {%- do changed.append({'name': own.name, 'expression': expression, 'note': [note, renamed] | select | join('; ')}) -%}
        {%- endif -%}
        {%- if c.type_class != 'other' -%}{%- do columns.append(dict(c, name=own.name, expression=expression)) -%}{%- endif -%}
    {%- endfor -%}
    {%- do about.update({'columns': columns}) -%}
    {%- do about.update({'sql': render(ml_monitor.staging_text(about))}) -%}
    {%- if changed -%}
        {%- set staged, again = ml_monitor.suggestion_columns(about.sql), [] -%}
        {%- for one in changed -%}
            {%- set c = (staged | selectattr('name', 'equalto', one.name) | list)[0] -%}
            {%- do c.update({'expression': one.expression, 'notes': [one.note]}) -%}
            {%- do again.append(c) -%}
        {%- endfor -%}
        {%- do ml_monitor.measure_columns(about.sql, again) -%}
        {%- set ns = namespace(columns=[]) -%}
        {%- for c in columns -%}
            {%- set ns.columns = ns.columns + [(again | selectattr('name', 'equalto', c.name) | list + [c])[0]] -%}
        {%- endfor -%}
        {%- do about.update({'columns': ns.columns}) -%}
    {%- endif -%}
    {%- do return(about) -%}
{% endmacro %}


{#- Whether a column is timestamps written as text. -#}
{% macro is_time_text(c) %}
    {%- do return(c.type_class == 'text' and c.filled and c.times >= 0.99 * c.filled) -%}
{% endmacro %}


{#-
  What the staging model selects of a column. Arguments: c (dict of a raw column), is_moment (boolean: a date is to be a timestamp).
  Returns: [note (what is changed; empty if nothing is), expression (SQL and Jinja)].
-#}
{% macro staged_expression(c, is_moment) %}
    {%- set written = c.sql if ml_monitor.needs_quote(c.name) else c.name -%}
    {%- set name = modules.re.sub('(\\{[{%#])', "{{ '\\1' }}", written) -%}
    {%- if c.class == 'timestamptz' -%}
        {%- do return(['had a time zone: moved to UTC', ml_monitor.zoned_to_utc(name)]) -%}
    {%- elif ml_monitor.is_time_text(c) -%}
        {%- set quoted = "'" ~ written ~ "'" if "'" not in written and '\\' not in written else tojson(written) -%}
        {%- do return(['was a text: read as a time in UTC', '{{ ml_monitor.utc_timestamp(' ~ quoted ~ ') }}']) -%}
    {%- elif c.type_class == 'timestamp' and c.class != 'timestamp' -%}
        {%- do return(['was ' ~ c.engine_type.lower(), 'cast(' ~ name ~ ' as timestamp)']) -%}
    {%- elif c.type_class == 'date' and is_moment -%}
        {%- do return(['was a date', 'cast(' ~ name ~ ' as timestamp)']) -%}
    {%- elif c.class == 'enum' -%}
        {%- do return(['was an enum', 'cast(' ~ name ~ ' as ' ~ ml_monitor.text_type() ~ ')']) -%}
    {%- endif -%}
    {%- do return(['', name]) -%}
{% endmacro %}

{#-
  The properties file of staging models. Arguments: tables (list of dicts as in suggest_contract), tool (string: who suggests).
  Returns: string.
-#}
{% macro suggestion_text(tables, tool) %}
    {%- set head, models = [], [] -%}
    {%- for about in tables -%}
        {%- set count = '{:,}'.format(about.rows) ~ (' row' if about.rows == 1 else ' rows') -%}
        {%- do head.append(('# Suggested by ' ~ tool ~ ' from ' if loop.first else '# And from ')
            ~ modules.re.sub('[\\r\\n]+', ' ', about.source) ~ ': ' ~ count ~ '.'
            ~ (' Comments say what was guessed and from what: review each line.' if loop.first else '')) -%}
        {%- do head.extend(ml_monitor.suggestion_remarks(about)) -%}
        {%- do models.append(ml_monitor.suggested_model(about)) -%}
    {%- endfor -%}
    {%- do head.extend([
        'anchors:',
        '  - &double "{{ \'double precision\' if target.type in (\'postgres\', \'redshift\') else \'double\' }}"',
        '',
        'models:',
    ]) -%}
    {%- do return(head | join('\n') ~ '\n' ~ models | join('\n\n')) -%}
{% endmacro %}


{#- What the head of the file says of a table: few rows, roles that no column has. Arguments: about (dict). Returns: list of strings. -#}
{% macro suggestion_remarks(about) %}
    {%- set table, out = about.table, [] -%}
    {%- if about.rows < 100 and table in ['inferences', 'labels'] -%}
        {%- set few = 'No rows: roles are guessed by names and types, and there are' if about.rows == 0 else 'Fewer than 100 rows:' -%}
        {%- do out.append('# ' ~ few ~ ' no accepted_values or max_null_rate. Ask again when there are more.') -%}
    {%- endif -%}
    {%- for role in ml_monitor.missing_roles(about) -%}
        {%- do out.append('# Missing: no column could be ' ~ role ~ '; the declaration is refused until one has this role.') -%}
    {%- endfor -%}
    {%- do return(out) -%}
{% endmacro %}


{#- One staging model, its columns with a comment each. Arguments: about (dict). Returns: string. -#}
{% macro suggested_model(about) %}
    {%- set table = about.table -%}
    {%- set out = ['  - name: ' ~ about.name] -%}
    {%- if table == 'inferences' -%}
        {%- do out.extend([
            '    config:',
            '      contract: {enforced: true}',
            '      meta:',
            '        ml_monitor:',
            '          task: ' ~ about.task ~ '  # binary, multiclass or regression',
            '          owner: ' ~ ml_monitor.yaml_scalar(about.owner or 'team@example.com')
                ~ ('' if about.owner else '  # to replace: who acts on a failed gate'),
            '          time_zone: ' ~ (about.time_zone or 'UTC') ~ '  # whose hours of the day are compared',
            '          label_horizon_hours: ' ~ (about.horizon_hours or 24) ~ '  # after this, labels count as complete',
        ]) -%}
        {%- if about.segments -%}
            {%- set names = [] -%}
            {%- for c in about.segments -%}{%- do names.append(ml_monitor.yaml_scalar(c.name)) -%}{%- endfor -%}
            {%- do out.append('          segments: [' ~ names | join(', ') ~ ']  # also counted by each of their values') -%}
        {%- endif -%}
        {%- if about.late_minutes -%}
            {%- do out.append('          late_after_minutes: ' ~ about.late_minutes ~ '  # from event to ingest; rows took so long') -%}
        {%- endif -%}
    {%- else -%}
        {%- do out.append('    config: {contract: {enforced: true}}') -%}
    {%- endif -%}
    {%- do out.append('    columns:') -%}
    {%- set taken = [] -%}
    {%- set names = about.columns | map(attribute='name') | map('lower') | list -%}
    {%- for c in about.columns -%}
        {%- set own = ml_monitor.allowed_name(c, taken, names) -%}
        {%- do taken.append(own.name.lower()) -%}
        {%- if own.refusal -%}
            {%- do c.update({'refusal': 'refused: ' ~ own.refusal
                ~ '; write in the staging SQL: select ' ~ modules.re.sub('[\\r\\n]+', ' ', c.sql) ~ ' as ' ~ own.name}) -%}
        {%- endif -%}
        {%- set meta = (['role: ' ~ c.role] if c.role != 'context' else []) + c.meta -%}
        {%- set quoted = '"' ~ c.data_type.replace('\\', '\\\\').replace('"', '\\"') ~ '"' -%}
        {%- set type = quoted if modules.re.search('[^a-z0-9_ *]', c.data_type) else c.data_type -%}
        {%- set quote = ', quote: true' if ml_monitor.needs_quote(own.name) else '' -%}
        {%- do out.append('      - {name: ' ~ ml_monitor.yaml_scalar(own.name) ~ quote ~ ', data_type: ' ~ type
            ~ (', config: {meta: {' ~ meta | join(', ') ~ '}}' if meta else '') ~ '}  # ' ~ ml_monitor.column_comment(c, about)) -%}
    {%- endfor -%}
    {%- do return(out | join('\n')) -%}
{% endmacro %}

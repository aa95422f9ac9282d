{#-
  The columns of a select, in order: dicts {name, key (the name in plain lower-case letters), sql, engine_type, data_type (as YAML
  writes it), portable, type_class}. The class is numeric, text, boolean, timestamp, date or other, which has no order.
-#}
{% macro suggestion_columns(sql) %}
    {%- set columns = [] -%}
    {%- for one in ml_monitor.names_and_types(sql) -%}
        {%- set class = ml_monitor.type_class(one[1]) -%}
        {%- set portable = ml_monitor.portable_types().get(one[1].lower())
            or ('string' if class == 'text' else none) -%}
        {%- set type_class = 'other' if one[1].endswith(']')
            else 'numeric' if class in ['whole', 'number']
            else 'text' if class in ['text', 'enum', 'uuid']
            else class if class in ['boolean', 'date']
            else 'timestamp' if class.startswith('timestamp')
            else 'other' -%}
        {%- set key = modules.re.sub('([a-z0-9])([A-Z])', '\\1_\\2', one[0]).lower() -%}
        {%- do columns.append({
            'name': one[0], 'key': modules.re.sub('[^a-z0-9]+', '_', key).strip('_'), 'sql': adapter.quote(one[0].replace('"', '""')),
            'engine_type': one[1], 'data_type': portable or (one[1] if "'" in one[1] or '"' in one[1] else one[1].lower()),
            'portable': portable is not none, 'type_class': type_class, 'whole': class == 'whole',
            'notes': [], 'role': 'context', 'why': '', 'meta': [],
        }) -%}
    {%- endfor -%}
    {%- do return(columns) -%}
{% endmacro %}


{#- How YAML writes the types that every engine has; other types keep their own name. -#}
{% macro portable_types() %}
    {%- do return({
        'varchar': 'string', 'text': 'string', 'character varying': 'string', 'string': 'string',
        'integer': 'int', 'int': 'int', 'int4': 'int', 'bigint': 'bigint', 'int8': 'bigint', 'boolean': 'boolean', 'date': 'date',
        'timestamp': 'timestamp', 'timestamp without time zone': 'timestamp',
        'double': '*double', 'double precision': '*double', 'float8': '*double',
    }) -%}
{% endmacro %}

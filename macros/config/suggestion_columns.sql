{#-
  The columns of a select, in order: dicts {name, key (the name in plain lower-case letters), sql, engine_type, data_type (as YAML
  writes it), portable, class (as the macro type_class has it), type_class (numeric, text, boolean, timestamp, date, or other, which has no
  order), whole (an integer), is_amount and is_change (by the words of the name)}.
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
        {%- set key = modules.re.sub('[^a-z0-9]+', '_', key).strip('_') -%}
        {%- set words = key.split('_') -%}
        {%- set is_change = words | select('in', ml_monitor.words_of_changes()) | list | length > 0 -%}
        {%- do columns.append({
            'name': one[0], 'key': key, 'sql': adapter.quote(one[0].replace('"', '""')),
            'engine_type': one[1], 'data_type': portable or (one[1] if "'" in one[1] or '"' in one[1] else one[1].lower()),
            'portable': portable is not none, 'type_class': type_class, 'class': class, 'whole': class == 'whole',
            'is_change': is_change, 'is_amount': not is_change and words | select('in', ml_monitor.words_of_amounts()) | list | length > 0,
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


{#- Words in the name of a number that may be negative, whatever else it is. -#}
{% macro words_of_changes() %}
    {%- do return('change changes delta diff difference growth gain return returns balance net profit margin delay offset lag log logit z
        zscore scaled norm normalised normalized standardised standardized std residual trend adjustment correction'.split()) -%}
{% endmacro %}


{#- Words in the name of a count, an amount, a duration, a size or an age, which is not negative. -#}
{% macro words_of_amounts() %}
    {%- do return('count counts cnt num n qty quantity amount amt price cost costs fee fees fare total sum revenue income salary
        sales spend spent volume distance dist miles km kilometers kilometres meters metres duration elapsed seconds secs minutes mins
        hours days weeks months years tenure age size length width height depth weight area radius perimeter seats population views
        clicks visits calls orders items units speed latency hits passengers children employees limit capacity stock tries attempts
        retries'.split()) -%}
{% endmacro %}

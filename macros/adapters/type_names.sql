{#-
  Names of one type, so that a type may be declared by any of them: dict of the name we compare by -> all its names, in lower case.
  `float` is the one that engines disagree on.
  Returns: dict.
-#}
{% macro type_names() %}
    {%- do return(adapter.dispatch('type_names', 'ml_monitor')()) -%}
{% endmacro %}

{% macro default__type_names(float='real') %}
    {%- set names = {
        'text': ['text', 'varchar', 'string', 'character varying', 'char', 'character', 'bpchar'],
        'double': ['double', 'double precision', 'float8', 'float64'],
        'real': ['real', 'float4', 'float32'],
        'tinyint': ['tinyint', 'int1', 'byte', 'byteint'],
        'smallint': ['smallint', 'int2', 'int16', 'short'],
        'integer': ['integer', 'int', 'int4', 'int32', 'signed'],
        'bigint': ['bigint', 'int8', 'int64', 'long'],
        'boolean': ['boolean', 'bool', 'logical'],
        'hugeint': ['hugeint', 'int128'],
        'decimal': ['decimal', 'numeric', 'dec', 'number', 'bignumeric'],
        'timestamp': ['timestamp', 'timestamp without time zone', 'datetime', 'timestamp_ntz'],
        'timestamptz': ['timestamptz', 'timestamp with time zone', 'timestamp_tz', 'timestamp_ltz'],
        'time': ['time', 'time without time zone'],
        'binary': ['binary', 'blob', 'bytea', 'varbinary'],
    } -%}
    {%- do names.update({float: names[float] + ['float']}) -%}
    {%- do return(names) -%}
{% endmacro %}

{% macro postgres__type_names() %}
    {%- do return(ml_monitor.default__type_names(float='double')) -%}
{% endmacro %}

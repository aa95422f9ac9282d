{#- The types of numbers on all engines, in lower case. Returns: list of strings. -#}
{% macro numeric_types() %}
    {%- do return([
        'double', 'double precision', 'float', 'float4', 'float8', 'float64', 'real', 'int', 'int4', 'int8', 'int64', 'integer',
        'bigint', 'smallint', 'tinyint', 'hugeint', 'ubigint', 'uinteger', 'usmallint', 'utinyint', 'uhugeint',
        'numeric', 'decimal', 'number',
    ]) -%}
{% endmacro %}

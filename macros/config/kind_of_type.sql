{#- `numeric` or `categorical`, from a declared data type. -#}
{% macro kind_of_type(data_type) %}
    {%- set base = (data_type or '').lower().split('(')[0].strip() -%}
    {%- do return('numeric' if base in ml_monitor.numeric_types() else 'categorical') -%}
{% endmacro %}


{% macro numeric_types() %}
    {%- do return([
        'double', 'double precision', 'float', 'float4', 'float8', 'float64', 'real', 'int', 'int4', 'int8', 'int64', 'integer',
        'bigint', 'smallint', 'tinyint', 'hugeint', 'ubigint', 'uinteger', 'usmallint', 'utinyint', 'uhugeint',
        'numeric', 'decimal', 'number',
    ]) -%}
{% endmacro %}


{#- Whether a declared data type is a text, of any length. -#}
{% macro is_text_type(data_type) %}
    {%- set base = (data_type or '').lower().split('(')[0].strip() -%}
    {%- do return(base in ['string', 'text', 'varchar', 'char', 'bpchar', 'character', 'character varying']) -%}
{% endmacro %}


{#- The type of the elements of a declared array type (`double[]`, `float[384]`, `array<double>`), none if it is no array. -#}
{% macro element_type(data_type) %}
    {%- set parts = modules.re.match('^(?:array<(.+)>|(.+?) ?\\[[0-9]*\\])$', (data_type or '').lower().strip()) -%}
    {%- do return((parts.group(1) or parts.group(2)) if parts else none) -%}
{% endmacro %}


{#- The number of elements that a declared array type is fixed to, such as 384 of `float[384]`; none if it is not. -#}
{% macro dimensions_of_type(data_type) %}
    {%- set parts = modules.re.match('^.+\\[([0-9]+)\\]$', (data_type or '').strip()) -%}
    {%- do return(parts.group(1) | int if parts else none) -%}
{% endmacro %}

{#-
  The columns a relation has now and their types, as a select of two text columns, `column_name` and `data_type` (as the database writes
  it). Works for files that are read in place, which no catalog lists, and for the subquery that a test with `where` is given.
  Arguments: relation.
-#}
{% macro columns_of(relation) %}
    {%- do return(adapter.dispatch('columns_of', 'ml_monitor')(relation)) -%}
{% endmacro %}

{% macro default__columns_of(relation) %}
    {#- A subquery is dbt's `(select * from <table> where ...)`, with --empty one in another: the columns are those of the table. -#}
    {%- set ns = namespace(written=(relation | string).strip()) -%}
    {%- for _ in range(2) -%}
        {%- set ns.written = ns.written.partition('(select * from ')[2] if ns.written.startswith('(select * from ') else ns.written -%}
    {%- endfor -%}
    {%- set parts = ns.written.split(' where ')[0].strip().replace('"', '').split('.') -%}
    {%- set table = relation.identifier or parts[-1] -%}
    {%- set schema = relation.schema or parts[-2] -%}
    {%- do return("select column_name, case when data_type = 'numeric' and numeric_precision is not null then 'numeric(' || numeric_precision || ',' || numeric_scale || ')' else data_type end as data_type"
        ~ " from information_schema.columns where lower(table_schema) = lower('" ~ schema ~ "') and lower(table_name) = lower('" ~ table ~ "')") -%}
{% endmacro %}

{% macro duckdb__columns_of(relation) %}
    {%- do return('select column_name, column_type as data_type from (describe select * from ' ~ ml_monitor.aliased(relation, 'all_rows') ~ ')') -%}
{% endmacro %}


{#-
  Names of one type, so that a type may be declared by any of them: dict of the name we compare by -> all its names, in lower case.
  `float` is the one that engines disagree on.
-#}
{% macro type_names() %}
    {%- do return(adapter.dispatch('type_names', 'ml_monitor')()) -%}
{% endmacro %}

{% macro default__type_names(float='real') %}
    {%- set names = {
        'text': ['text', 'varchar', 'string', 'character varying', 'char', 'character', 'bpchar'],
        'double': ['double', 'double precision', 'float8', 'float64'],
        'real': ['real', 'float4', 'float32'],
        'smallint': ['smallint', 'int2', 'int16', 'short'],
        'integer': ['integer', 'int', 'int4', 'int32', 'signed'],
        'bigint': ['bigint', 'int8', 'int64', 'long'],
        'boolean': ['boolean', 'bool', 'logical'],
        'decimal': ['decimal', 'numeric', 'dec'],
        'timestamp': ['timestamp', 'timestamp without time zone', 'datetime', 'timestamp_ntz'],
        'timestamptz': ['timestamptz', 'timestamp with time zone'],
        'time': ['time', 'time without time zone'],
        'binary': ['binary', 'blob', 'bytea', 'varbinary'],
    } -%}
    {%- do names.update({float: names[float] + ['float']}) -%}
    {%- do return(names) -%}
{% endmacro %}

{% macro postgres__type_names() %}
    {%- do return(ml_monitor.default__type_names(float='double')) -%}
{% endmacro %}


{#- A declared type by the name we compare by; lengths of texts are left out. Arguments: type (string). Returns: string. -#}
{% macro type_name(type) %}
    {%- set written = (type | string | trim | lower).replace(', ', ',').replace(' (', '(') -%}
    {%- set parts = written.partition('(') -%}
    {%- set ns = namespace(found=written) -%}
    {%- for name, spellings in ml_monitor.type_names().items() if parts[0] in spellings -%}
        {%- set ns.found = name ~ (parts[1] ~ parts[2] if name == 'decimal' else '') -%}
    {%- endfor -%}
    {%- do return(ns.found) -%}
{% endmacro %}


{#- The same of a type that the database reports. Arguments: written (SQL: in lower case, without blanks after commas). Returns: SQL. -#}
{% macro type_name_sql(written) %}
    {%- set ns = namespace(cases=[]) -%}
    {%- for name, spellings in ml_monitor.type_names().items() -%}
        {%- set ns.cases = ns.cases + ['when ' ~ written ~ ' in (' ~ ml_monitor.string_list(spellings) ~ ") then '" ~ name ~ "'"] -%}
    {%- endfor -%}
    {%- do return('case\n            ' ~ ns.cases | join('\n            ') ~ '\n            when ' ~ written ~ " like 'numeric(%' then replace(" ~ written
        ~ ", 'numeric', 'decimal')\n            else " ~ written ~ '\n        end') -%}
{% endmacro %}


{#-
  The columns, in lower case, of the table that an incremental model adds to; none of them if it is built anew. A table of an earlier release lacks some.
  Returns: list of names.
-#}
{% macro stored_columns() %}
    {#- By a select of nothing, in half the time of adapter.get_columns_in_relation: many models ask. -#}
    {%- do return(run_query('select * from ' ~ this ~ ' where 1 = 0').column_names | map('lower') | list if execute and is_incremental() else []) -%}
{% endmacro %}

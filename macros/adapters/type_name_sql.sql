{#- The same of a type that the database reports. Arguments: written (SQL: in lower case, without blanks after commas). Returns: SQL. -#}
{% macro type_name_sql(written) %}
    {%- set ns = namespace(cases=[]) -%}
    {%- for name, spellings in ml_monitor.type_names().items() -%}
        {%- set ns.cases = ns.cases + ['when ' ~ written ~ ' in (' ~ ml_monitor.string_list(spellings) ~ ") then '" ~ name ~ "'"] -%}
    {%- endfor -%}
    {%- do return('case\n            ' ~ ns.cases | join('\n            ') ~ '\n            when ' ~ written
        ~ " like 'numeric(%' then replace(" ~ written
        ~ ", 'numeric', 'decimal')\n            else " ~ written ~ '\n        end') -%}
{% endmacro %}

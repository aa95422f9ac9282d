{#- The log columns that the monitored columns are computed from, each once, and what becomes of each rule. -#}
{% macro distinct_source_columns(columns, spec) %}
    {%- set ns = namespace(names=[]) -%}
    {%- for column in columns if column.role != 'ingest_lag' -%}
        {%- set ns.names = ns.names + [column.expression ~ ' as ' ~ column.source_sql if column.expression else 'log.' ~ column.sql] -%}
    {%- endfor -%}
    {%- if columns | selectattr('role', 'equalto', 'ingest_lag') | list -%}
        {%- for role in ['event_time', 'ingest_time'] -%}
            {%- set ns.names = ns.names + ['log.' ~ ml_monitor.role_column(spec.inferences, role)] -%}
        {%- endfor -%}
    {%- endif -%}
    {%- do return(ns.names) -%}
{% endmacro %}

{#-
  The columns that a model's table should have, for the materialization. Arguments: name (string: of the model).
  Returns: list of [name, name as SQL writes it, type as the lists have it].
-#}
{% macro stored_columns(name) %}
    {%- if name == 'ml_deletions' -%}
        {%- set monitor, table, listed = none, none, ml_monitor.deletions_columns() -%}
    {%- else -%}
        {%- set monitor, table = name.split('__') -%}
        {%- set listed = ml_monitor.table_columns(table, monitor) -%}
    {%- endif -%}
    {%- set ns = namespace(columns=[]) -%}
    {%- if table in ['inferences_log', 'labels_log'] -%}
        {%- for column in ml_monitor.monitor_spec(monitor)[table[:-4]] -%}
            {%- set ns.columns = ns.columns + [[column.name, column.sql, column.data_type]] -%}
        {%- endfor -%}
    {%- endif -%}
    {%- for name, type, description in listed -%}{%- set ns.columns = ns.columns + [[name, name, type]] -%}{%- endfor -%}
    {%- do return(ns.columns) -%}
{% endmacro %}

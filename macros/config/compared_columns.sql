{#-
  The features that the offline table has too, with how both sides are read: numbers as they are, categories as text.

  Arguments: spec (dict of monitor_spec).
  Returns: list of dicts name, kind, position (from 1), offline_sql, serving_value, offline_value (SQL; the log has alias `log`).
-#}
{% macro compared_columns(spec) %}
    {%- set columns = [] -%}
    {%- for column in spec.get('offline', []) if column.role == 'feature' -%}
        {%- for own in spec.inferences if own.role == 'feature' and own.name == column.name -%}
            {%- set values = [ml_monitor.monitored_value(own, 'log.'), ml_monitor.monitored_value(column)] -%}
            {%- if own.kind == 'categorical' -%}
                {%- set classes = [own.class, column.class] -%}
                {%- set values = [
                    ml_monitor.value_text('log.' ~ own.sql, own.data_type, classes),
                    ml_monitor.value_text(column.sql, column.data_type, classes),
                ] -%}
            {%- endif -%}
            {%- do columns.append({
                'name': own.name, 'kind': own.kind, 'position': columns | length + 1, 'offline_sql': column.sql,
                'serving_value': values[0], 'offline_value': values[1],
            }) -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- do return(columns) -%}
{% endmacro %}

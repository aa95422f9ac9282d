{#-
  Monitored columns as rows: column_name, column_role, column_kind, version_scope, edges (of the grid), is_in_reference.
  Arguments: columns (list of dicts of monitored_columns). Returns: a select.
-#}
{% macro declared_columns_values(columns) %}
    {%- set text = ml_monitor.text_type() -%}
    select
        {%- for name in ['column_name', 'column_role', 'column_kind', 'version_scope'] %}
        cast({{ name }} as {{ text }}) as {{ name }},
        {%- endfor %}
        edges,
        is_in_reference
    from (
        values
        {%- for column in columns %}
        ({{ ml_monitor.string_literal(column.name) }}, '{{ column.role }}', '{{ column.kind }}', '{{ column.scope }}', {{ column.edges }},
        {{- ' ' ~ column.in_reference | lower }}){{ ',' if not loop.last }}
        {%- else %}
        ('', '', '', '', 0, false)
        {%- endfor %}
    ) as declared (column_name, column_role, column_kind, version_scope, edges, is_in_reference)
    {%- if not columns %}
    where 1 = 0
    {%- endif %}
{% endmacro %}

{#- The columns of ml_columns: lists of name, type and description. -#}
{% macro ml_columns_columns() %}
    {%- do return([
        ['monitor', 'string', 'Name of the monitor.'],
        ['column_name', 'string', 'Column of the inferences.'],
        ['column_role', 'string', 'Declared role, such as feature, score or context.'],
        ['column_kind', 'string', 'numeric or categorical.'],
        ['data_type', 'string', 'Declared data type.'],
        ['minimum', 'double', 'Declared min, in the unit of the column; NULL for none.'],
        ['maximum', 'double', 'Declared max, in the unit of the column; NULL for none.'],
        ['accepted_values', 'string', 'Declared values, separated by commas; may be empty.'],
        ['pattern', 'string', 'Declared regular expression; may be empty.'],
        ['unit', 'string', 'Declared unit; may be empty.'],
        ['max_null_rate', 'double', 'Declared limit of the null rate (0 to 1), which fails by day; NULL if none.'],
        ['is_hard', 'boolean', "True if a row that breaks the column's declaration is quarantined."],
        ['importance', 'double', 'Declared importance for the model; NULL for none.'],
        ['is_personal', 'boolean', 'True if declared to be personal data.'],
    ]) -%}
{% endmacro %}

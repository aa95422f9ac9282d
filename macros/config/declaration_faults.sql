{% macro declaration_faults(monitor) %}{% do return([]) %}{% endmacro %}
{% macro raise_declaration_faults(f) %}{% endmacro %}
{% macro validate_declarations() %}{% endmacro %}
{% macro end_of_run_summary(results) %}{% endmacro %}

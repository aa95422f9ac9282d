{#- A row whose status is an error, as a condition on log columns; none if no status is logged. -#}
{% macro is_error_status(spec) %}
    {%- set status = ml_monitor.role_column(spec.inferences, 'status') -%}
    {%- do return('lower(' ~ status ~ ") not in ('ok', 'success', '200')" if status else none) -%}
{% endmacro %}

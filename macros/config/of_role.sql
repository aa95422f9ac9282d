{#- The column of a table that has a role, or none. -#}
{% macro of_role(about, role) %}
    {%- do return((about.columns | selectattr('role', 'equalto', role) | list + [none])[0] if about else none) -%}
{% endmacro %}

{#- The column whose name speaks best for a role, among those of its classes that have no role yet; none if no name does. -#}
{% macro by_name(columns, role) %}
    {%- set guess = (ml_monitor.role_names() | selectattr('role', 'equalto', role) | list)[0] -%}
    {%- for pattern in guess.names -%}
        {%- for c in columns if c.why == '' and c.type_class in guess.classes and modules.re.match('^(' ~ pattern ~ ')$', c.key) -%}
            {%- do return(c) -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- do return(none) -%}
{% endmacro %}

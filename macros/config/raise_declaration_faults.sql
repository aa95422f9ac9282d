{#- Raises a compiler error with all faults. Arguments: faults (list of dicts as in declaration_faults). -#}
{% macro raise_declaration_faults(faults) %}
    {%- set count = faults | length ~ (' fault' if faults | length == 1 else ' faults') -%}
    {%- set title = 'ml_monitor: ' ~ count ~ ' in the declarations; no SQL was run.' -%}
    {%- do exceptions.raise_compiler_error(ml_monitor.text_of_faults(title, faults)) -%}
{% endmacro %}

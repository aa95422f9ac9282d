{#- Raises a compiler error with all faults. Arguments: faults (list of dicts as in declaration_faults). -#}
{% macro raise_declaration_faults(faults) %}
    {%- set count = faults | length ~ (' fault' if faults | length == 1 else ' faults') -%}
    {%- set title = 'ml_monitor: ' ~ count ~ ' in the declarations; no SQL was run.' -%}
    {%- do exceptions.raise_compiler_error(ml_monitor.text_of_faults(title, faults)) -%}
{% endmacro %}


{#- A numbered list of faults, as messages print it. Arguments: title (string), faults (list of dicts as above). Returns: string. -#}
{% macro text_of_faults(title, faults) %}
    {%- set lines = [title] -%}
    {%- for fault in faults -%}
        {%- do lines.append('\n' ~ loop.index ~ '. ' ~ (fault.file ~ ': ' if fault.file else '') ~ fault.key) -%}
        {%- do lines.append('   found:   ' ~ fault.found) -%}
        {%- do lines.append('   allowed: ' ~ fault.allowed) -%}
        {%- do lines.append('   write:\n       ' ~ fault.snippet.replace('\n', '\n       ')) -%}
    {%- endfor -%}
    {%- do return(lines | join('\n')) -%}
{% endmacro %}

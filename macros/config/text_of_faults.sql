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

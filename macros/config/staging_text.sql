{#-
  The SQL of a staging model, with Jinja. Arguments: about (dict of staged_table). Returns: string.
-#}
{% macro staging_text(about) %}
    {%- set lines = [] -%}
    {%- for c in about.columns -%}
        {%- set own = adapter.quote(c.name) if ml_monitor.needs_quote(c.name) else c.name -%}
        {%- set own = modules.re.sub('(\\{[{%#])', "{{ '\\1' }}", own) -%}
        {%- do lines.append(c.expression ~ ('' if c.expression == own else ' as ' ~ own)) -%}
    {%- endfor -%}
    {%- do return('select\n    ' ~ lines | join(',\n    ') ~ '\nfrom ' ~ about.from) -%}
{% endmacro %}

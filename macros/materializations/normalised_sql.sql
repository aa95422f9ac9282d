{#-
  SQL without what does not change its result: comments, layout, the database and schema of relations, and the literals of a run (as_of, its
  start and its id). SQL whose text is the same after this gives the same result.
  Arguments: sql (string). Returns: string.
-#}
{% macro normalised_sql(sql) %}
    {%- set ns = namespace(text=modules.re.sub('--[^\\n]*', '', sql)) -%}
    {%- for literal in [ml_monitor.as_of(), run_started_at.strftime('%Y-%m-%d %H:%M:%S'), invocation_id] -%}
        {%- set ns.text = ns.text.replace(literal, '') -%}
    {%- endfor -%}
    {#- `"database"."schema".` of a relation, or the schema alone where names are not quoted. -#}
    {%- set ns.text = modules.re.sub('(["`])[^"`]+\\1\\.', '', ns.text) -%}
    {%- set ns.text = modules.re.sub('\\b' ~ modules.re.escape(this.schema) ~ '\\.', '', ns.text) -%}
    {%- do return(modules.re.sub(' ?([(),]) ?', '\\1', ns.text.split() | join(' '))) -%}
{% endmacro %}

{#-
  The select of a table that is written only if one of its CTEs has rows.

  Arguments:
    macro, monitor (strings, for the comment)
    ctes (SQL: the CTEs that the select begins with), name (string: the last of them, which says what is written)
    asks (boolean: false where more is written than `name` says, or where reading that CTE costs as much as the rest)
    hashes (dict of declaration hash -> list of CTE names, or none for the whole block): each hash is replaced everywhere by one of itself
      and the normalised SQL of these CTEs, so that rows are built again when the SQL that computes them changed. This SQL must be the
      same on a first and on an incremental run.
  Called with a block: the rest of the select, which ends in the CTE `final`.
  Returns: the select, with the line that the materialization ml_monitor_table looks for.
-#}
{% macro select_if_any(macro, monitor, ctes, name, asks=true, hashes={}) -%}
{%- set whole = namespace(ctes=ctes | trim, block=caller() | trim) -%}
{%- for hash, names in hashes.items() -%}
    {%- set code = whole.block if names is none else ml_monitor.ctes_of(whole.block, names) -%}
    {%- set new_hash = local_md5(hash ~ ml_monitor.normalised_sql(code)) -%}
    {%- set whole.ctes, whole.block = whole.ctes.replace(hash, new_hash), whole.block.replace(hash, new_hash) -%}
{%- endfor -%}
-- ml_monitor.{{ macro }}('{{ monitor }}')
with

{{ whole.ctes }}

{% if asks -%}
-- Written only if {{ name }} has rows.
{% endif -%}
{{ whole.block }}
{%- endmacro %}


{#-
  The text of some CTEs. Arguments: sql (string: CTEs that end in a line that begins with `)`), names (list of strings). Returns: string.
  Raises: a compiler error if one is not there.
-#}
{% macro ctes_of(sql, names) %}
    {%- set ns = namespace(texts=[]) -%}
    {%- for name in names -%}
        {%- set found = modules.re.search('(?ms)^' ~ name ~ ' as \\(.*?^\\)', sql) -%}
        {%- if not found -%}{%- do exceptions.raise_compiler_error('select_if_any: no CTE ' ~ name) -%}{%- endif -%}
        {%- set ns.texts = ns.texts + [found.group(0)] -%}
    {%- endfor -%}
    {%- do return(ns.texts | join('\n')) -%}
{% endmacro %}

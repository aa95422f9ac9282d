{#-
  The end of a table's select: the CTE `final`, with each column of the table's list cast to its type, and the select from it.

  Arguments:
    monitor, table (strings)
    source (string: the CTE that has the columns under their names)
    keys (list of column names: what a row stands for; the first column of the list is their md5, with the monitor. None for a table
    without one) declaration_hash (string)
    values (dict of column name -> SQL): columns that `source` does not have
  Set here: the id, `monitor`, `rebuild_key` (window_grain and window_start), `declaration_hash` and `ml_batch` (of the CTE `newest`),
  unless
  `values` has them.
-#}
{% macro final_select(monitor, table, source, keys, declaration_hash, values={}) -%}
{%- set columns = ml_monitor.table_columns(table) -%}
{%- set values = dict({
    'monitor': "'" ~ monitor ~ "'",
    'rebuild_key': "window_grain || ' ' || cast(window_start as " ~ ml_monitor.text_type() ~ ')',
    'declaration_hash': "'" ~ declaration_hash ~ "'",
    'ml_batch': '(select ml_batch from newest)',
}, **values) -%}
{%- if keys -%}{%- do values.update({columns[0][0]: ml_monitor.surrogate_key(["'" ~ monitor ~ "'"] + keys)}) -%}{%- endif -%}
final as (

    select
        {{ ml_monitor.typed_columns(columns, values) | indent(8) }}
    from {{ source }}

)

select * from final
{%- endmacro %}

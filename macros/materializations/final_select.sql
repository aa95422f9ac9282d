{#-
  The end of a table's select: the CTE `final`, with each column of the table's list cast to its type, and the select from it.

  Arguments:
    monitor, table (strings)
    source (string: the CTE that has the columns under their names)
    keys (list of column names: what a row stands for; the first column of the list is their md5, with the monitor. None for a table
      without such a column)
    declaration_hash (string)
    values (dict of column name -> SQL): columns that `source` does not have
    own (list of column names that `source` has; the others, without a value, are NULL. Default: it has all)
  Set here unless `values` has them: the id, `monitor`, `rebuild_key` (window_key), `declaration_hash` and `ml_batch` (of the CTE `newest`)
-#}
{% macro final_select(monitor, table, source, keys, declaration_hash, values={}, own=none) -%}
{%- set columns = ml_monitor.table_columns(table, monitor) -%}
{%- set values = dict({
    'monitor': "'" ~ monitor ~ "'",
    'rebuild_key': ml_monitor.window_key(),
    'declaration_hash': "'" ~ declaration_hash ~ "'",
    'ml_batch': '(select ml_batch from newest)',
}, **values) -%}
{%- if keys -%}{%- do values.update({columns[0][0]: ml_monitor.surrogate_key(["'" ~ monitor ~ "'"] + keys)}) -%}{%- endif -%}
final as (

    select
        {{ ml_monitor.typed_columns(columns, values, own) | indent(8) }}
    from {{ source }}

)

select * from final
{%- endmacro %}

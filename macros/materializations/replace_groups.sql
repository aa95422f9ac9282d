{#-
  The statement that replaces groups of rows of a table by those of another: all rows of the target whose key occurs in the source are
  deleted, and the rows of the source are inserted.

  Arguments: target, source (relations), key (string: the column that names a group; none adds the rows and deletes nothing), columns (SQL:
  the columns of both, quoted, separated by commas).
  Returns: SQL that is atomic within a transaction.
  Engines whose tables have no transactions over several statements write `<adapter>__replace_groups`: one MERGE whose source is the new
  rows with a
  NULL key, and the distinct keys; matched rows are deleted, rows with a NULL key are inserted.
-#}
{% macro replace_groups(target, source, key, columns) %}
    {{- adapter.dispatch('replace_groups', 'ml_monitor')(target, source, key, columns) -}}
{% endmacro %}

{% macro default__replace_groups(target, source, key, columns) -%}
{% if key -%}
delete from {{ target }}
where {{ key }} in (select distinct {{ key }} from {{ source }});

{% endif -%}
insert into {{ target }} ({{ columns }})
select {{ columns }} from {{ source }}
{%- endmacro %}

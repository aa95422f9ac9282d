{#-
  The statement that replaces groups of rows of a table by those of another: all rows of the target whose key occurs in the source are
  deleted, and the rows of the source are inserted.

  Arguments: target, source (relations), key (string: the column that names a group; none adds the rows and deletes nothing), columns (SQL:
  the columns of both, quoted, separated by commas).
  Returns: SQL that is atomic: within a transaction, or as one statement where tables have no transactions over several.
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

{#-
  One MERGE: its source is the new rows without a key to match, which are inserted, and the distinct keys, whose rows are deleted. A row
  whose own key is NULL replaces nothing, as in the other variant.
-#}
{% macro spark__replace_groups(target, source, key, columns) -%}
{%- if not key -%}
insert into {{ target }} ({{ columns }})
select {{ columns }} from {{ source }}
{%- else -%}
{%- set names = columns.split(', ') -%}
merge into {{ target }} as stored
using (
    select null as ml_merge_key, {{ columns }} from {{ source }}
    union all
    select distinct {{ key }} as ml_merge_key{{ ', null' * names | length }} from {{ source }} where {{ key }} is not null
) as written
on stored.{{ key }} = written.ml_merge_key
when matched then delete
when not matched and written.ml_merge_key is null then insert ({{ columns }}) values (written.{{ names | join(', written.') }})
{%- endif -%}
{%- endmacro %}

{% macro bigquery__replace_groups(target, source, key, columns) -%}
{{ ml_monitor.spark__replace_groups(target, source, key, columns) }}
{%- endmacro %}

{% macro trino__replace_groups(target, source, key, columns) -%}
{{ ml_monitor.spark__replace_groups(target, source, key, columns) }}
{%- endmacro %}

{#-
  The select of hours whose log rows are of batches that this rollup has not seen.
  Arguments: log (relation), batch (string: the column that says which batch this rollup has seen), rows (SQL condition on the rows of this
  rollup that count, optional).
-#}
{% macro hours_of_new_rows(log, batch='ml_batch', rows=none) -%}
select ml_event_hour as hour
    from {{ log }}
    where ml_batch > (select coalesce(max({{ batch }}), 0) from {{ this }}{{ ' where ' ~ rows if rows }})
{%- endmacro %}

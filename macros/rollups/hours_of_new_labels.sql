{#-
  The select of hours whose predictions have labels of batches that this rollup has not seen, by the hash of the key: a collision
  would count an hour once more, to the same result.
  Arguments: log, labels_log (relations), batch (string: the column that says which batch of the second log this rollup has seen),
  rows (SQL condition on the rows of this rollup that count, optional).
-#}
{% macro hours_of_new_labels(log, labels_log, batch='labels_batch', rows=none) -%}
select ml_event_hour as hour
    from {{ log }}
    where ml_key_hash in (
        {{ ml_monitor.distinct_values(
            'ml_key_hash', 'key_hash', labels_log,
            'ml_batch > (select coalesce(max(' ~ batch ~ '), 0) from ' ~ this ~ (' where ' ~ rows if rows else '') ~ ')'
        ) | indent(4) }}
    )
{%- endmacro %}

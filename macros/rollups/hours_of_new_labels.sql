{#-
  The select of hours whose predictions have labels of batches that this rollup has not seen, by the hash of the key: a collision
  would count an hour once more, to the same result.
-#}
{% macro hours_of_new_labels(log, labels_log) -%}
select ml_event_hour as hour
    from {{ log }}
    where ml_key_hash in (
        {{ ml_monitor.distinct_values(
            'ml_key_hash', 'key_hash', labels_log, 'ml_batch > (select coalesce(max(labels_batch), 0) from ' ~ this ~ ')'
        ) | indent(4) }}
    )
{%- endmacro %}

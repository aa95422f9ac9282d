{#- The select of hours whose log rows are of batches that this rollup has not seen. Arguments: log (relation). -#}
{% macro hours_of_new_rows(log) -%}
select ml_event_hour as hour
    from {{ log }}
    where ml_batch > (select coalesce(max(ml_batch), 0) from {{ this }})
{%- endmacro %}

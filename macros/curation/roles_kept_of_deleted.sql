{#- Of a deleted row the log keeps when it came and by which version, so that hours still add up; and no word of whom it was about. -#}
{% macro roles_kept_of_deleted() %}
    {%- do return(['event_time', 'label_time', 'ingest_time', 'model_version']) -%}
{% endmacro %}

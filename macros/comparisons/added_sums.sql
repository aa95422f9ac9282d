{#- The columns of <m>__performance that add up over its days, or are maxima. Arguments: spec. Returns: list of names. -#}
{% macro added_sums(spec) %}
    {%- set columns = ml_monitor.table_columns('performance', spec.name) -%}
    {%- do return(columns | map('first') | select('in', ml_monitor.performance_sums(spec)) | list) -%}
{% endmacro %}

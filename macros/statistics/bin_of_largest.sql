{#- The number that largest_of keeps beside a count. Arguments: largest (SQL). Returns: SQL, an int; NULL if it is NULL. -#}
{% macro bin_of_largest(largest) %}
    {%- do return('cast(' ~ largest ~ ' - 1000000 * floor(' ~ largest ~ ' / 1000000) as int)') -%}
{% endmacro %}

{#- The distances of distances_from_counts beside PSI, in the order they are reported. -#}
{% macro other_distances() %}
    {%- do return(['js_distance', 'hellinger', 'tv', 'linf', 'chi2', 'cramers_v']) -%}
{% endmacro %}

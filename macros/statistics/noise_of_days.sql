{#-
  How far a window may be from the baseline without anything being wrong: the mean distance of the baseline's own days to the rest of it,
  and five standard deviations. An aggregate over these days. Arguments: distance (SQL). Returns: SQL.
-#}
{% macro noise_of_days(distance) %}
    {%- do return('avg(' ~ distance ~ ') + 5 * coalesce(stddev_samp(' ~ distance ~ '), 0)') -%}
{% endmacro %}

{#-
  Whether a count is further from what was expected than chance explains: five standard deviations of a Poisson count. Arguments (SQL):
  count, expected. Returns: SQL, a condition, never NULL.
-#}
{% macro beyond_poisson(count, expected) %}
    {%- do return('coalesce(abs(' ~ count ~ ' - ' ~ expected ~ ') > 5 * sqrt(' ~ expected ~ '), false)') -%}
{% endmacro %}

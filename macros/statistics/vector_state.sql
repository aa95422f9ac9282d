{#-
  What a vector counts as: 1 if it can be used, -1 if it is NULL, -2 if it has another number of elements than declared, -3 if one of
  them is NULL, -4 if one is NaN or infinite (magnitudes about 1e100 count as infinite, as in is_infinite). The first that holds.

  Arguments: x (SQL), dimensions (integer: the declared number of elements), norm (SQL, if it is at hand). Returns: SQL, an int.
-#}
{% macro vector_state(x, dimensions, norm=none) %}
    {%- set norm = norm or ml_monitor.vector_norm(x) -%}
    {%- do return('case when ' ~ x ~ ' is null then -1 when ' ~ ml_monitor.vector_length(x) ~ ' <> ' ~ dimensions ~ ' then -2 when '
        ~ norm ~ ' is null then -3 when '
        ~ norm ~ ' <= 1e100 then 1 else -4 end') -%}
{% endmacro %}

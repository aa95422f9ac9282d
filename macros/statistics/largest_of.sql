{#-
  The largest of some counts together with the number of what it counts, as one number: an aggregate that every engine has, where each
  names `arg_max` differently. bin_of_largest reads the number from it. Of equal counts the one with the higher number.

  Arguments (SQL): count (0 to 8e9), bin (an int from 0 to 999999). Returns: SQL, an aggregate, a float.
-#}
{% macro largest_of(count, bin) %}
    {%- do return('max(1000000 * ' ~ ml_monitor.float64(count) ~ ' + ' ~ bin ~ ')') -%}
{% endmacro %}

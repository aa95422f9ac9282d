{#-
  The moment at which a view is read, as a SQL timestamp in UTC: ML_AS_OF if it was given when the view was built, else the clock. For
  views that must notice that nothing runs any more; all else speaks of as_of.
-#}
{% macro live_time() %}
    {%- do return(ml_monitor.as_of() if ml_monitor.is_as_of_given() else ml_monitor.zoned_to_utc('current_timestamp')) -%}
{% endmacro %}

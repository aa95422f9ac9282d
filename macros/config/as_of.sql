{#-
  The moment the tables speak of, as a SQL timestamp in UTC.

  The environment variable ML_AS_OF if given (a variable, not a var: `--vars` makes dbt parse everything again), else
  the start of the run; for the demo alone, the end of its data. A literal, so that every model of a run agrees.
-#}
{% macro as_of() %}
    {%- do return(ml_monitor.timestamp_literal(ml_monitor.as_of_text())) -%}
{% endmacro %}

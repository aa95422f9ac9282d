{#-
  The moment the tables speak of, as a SQL timestamp in UTC.

  The environment variable ML_AS_OF if given (a variable, not a var: `--vars` makes dbt parse everything again), else
  the start of the run. A literal, so that every model of a run agrees.
-#}
{% macro as_of() %}
    {%- do return(ml_monitor.timestamp_literal(env_var('ML_AS_OF', '') or run_started_at.strftime('%Y-%m-%d %H:%M:%S'))) -%}
{% endmacro %}


{#- True when ML_AS_OF is given: then rows that were ingested later do not exist yet. -#}
{% macro is_as_of_given() %}
    {%- do return(env_var('ML_AS_OF', '') != '') -%}
{% endmacro %}

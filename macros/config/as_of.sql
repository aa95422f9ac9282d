{#-
  The moment the tables speak of, as a SQL timestamp in UTC.

  The environment variable ML_AS_OF if given (a variable, not a var: `--vars` makes dbt parse everything again), else
  the start of the run. A literal, so that every model of a run agrees.
-#}
{% macro as_of() %}
    {%- do return(ml_monitor.timestamp_literal(ml_monitor.as_of_text())) -%}
{% endmacro %}


{#- The same moment as text, `2013-07-01 00:00:00`. -#}
{% macro as_of_text() %}
    {%- do return(ml_monitor.timestamp_text(ml_monitor.run_variable('ML_AS_OF') or run_started_at.strftime('%Y-%m-%d %H:%M:%S'))) -%}
{% endmacro %}


{#-
  An environment variable that is another one on every run, empty if not given. Read when SQL is made, not while dbt parses: dbt
  would parse all models again whenever it changed (1.4 s of a run of one monitor).
-#}
{% macro run_variable(name) %}
    {%- do return(env_var(name, '') if execute else '') -%}
{% endmacro %}


{#- True when ML_AS_OF is given: then rows that were ingested later do not exist yet. -#}
{% macro is_as_of_given() %}
    {%- do return(ml_monitor.run_variable('ML_AS_OF') != '') -%}
{% endmacro %}

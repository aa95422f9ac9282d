{#-
  An environment variable that is another one on every run, empty if not given. Read when SQL is made, not while dbt parses: dbt
  would parse all models again whenever it changed (1.4 s of a run of one monitor).
-#}
{% macro run_variable(name) %}
    {%- do return(env_var(name, '') if execute else '') -%}
{% endmacro %}

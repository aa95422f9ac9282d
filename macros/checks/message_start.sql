{#- The beginning of every message, `flight_delay drift: `; category must be in scope. Arguments: spec. Returns: SQL. -#}
{% macro message_start(spec) %}{% do return("'" ~ spec.name ~ " ' || category || ': '") %}{% endmacro %}

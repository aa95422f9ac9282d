{#-
  The moment that a run was told to speak of, or nothing: the environment variable ML_AS_OF, and for the demo alone the end of its data.
  Long after it, every gate of the demo would fail for want of rows, and the next `make demo` would be refused as one of the past.
  Returns: string, empty if not given.
-#}
{% macro given_as_of() %}
    {%- set is_demo = project_name == 'ml_monitor' and var('ml_monitors', none) is none -%}
    {%- do return(ml_monitor.run_variable('ML_AS_OF') or ('2014-01-01 00:00:00' if is_demo else '')) -%}
{% endmacro %}

{#-
  The measures of a monitor: those of its task, and its own metrics. Arguments: spec (dict of monitor_spec).
  Returns: list as performance_measures.
-#}
{% macro measures_of(spec) %}
    {%- do return(ml_monitor.performance_measures(
        spec.task, ml_monitor.role_column(spec.inferences, 'score') is not none, ml_monitor.has_probability(spec),
        spec.error_tolerance is not none, (spec.class_scores or []) != [], ml_monitor.has_shadow(spec)
    ) + ml_monitor.custom_measures(spec)) -%}
{% endmacro %}

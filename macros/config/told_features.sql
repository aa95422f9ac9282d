{#-
  The features whose training set is asked how well they alone tell the label; none for more than two classes, and without a label.
  Arguments: spec (dict of monitor_spec). Returns: list of columns as in monitored_columns.
-#}
{% macro told_features(spec) %}
    {%- if spec.task == 'multiclass' or not ml_monitor.role_column(spec.reference, 'label') -%}{%- do return([]) -%}{%- endif -%}
    {%- do return(ml_monitor.training_columns(spec) | selectattr('role', 'equalto', 'feature') | list) -%}
{% endmacro %}

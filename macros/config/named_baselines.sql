{#- What a comparison may be asked against by name, beside the declared golden periods; the training set first. -#}
{% macro named_baselines() %}{% do return(['training', 'serving', 'previous', 'trailing', 'seasonal']) %}{% endmacro %}

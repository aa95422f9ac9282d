{#-
  The tables that metrics are columns of.
  Arguments: views (boolean: with the view that is made of one of them). Returns: list of names.
-#}
{% macro tables_of_metrics(views=true) %}
    {%- do return([
        'drift', 'relations', 'embeddings', 'attributions', 'data_quality', 'window_metrics', 'parity', 'performance',
    ] + (['performance_metrics'] if views else [])) -%}
{% endmacro %}

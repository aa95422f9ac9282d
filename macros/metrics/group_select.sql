{#-
  The end of the select of a group: all columns of <m>__window_metrics, those of other groups as NULL.
  Arguments: spec, group, source, keys, values (as final_select has them).
-#}
{% macro group_select(spec, group, source, keys, values={}) -%}
{%- set all = {
    'metric_group': "'" ~ group ~ "'",
    'rebuild_key': "'" ~ group ~ " ' || " ~ ml_monitor.window_key(),
    'model_version': "'__all__'", 'segment_name': "'__all__'", 'segment_value': "'__all__'",
} -%}
{{ ml_monitor.final_select(
    spec.name, 'window_metrics', source, keys, ml_monitor.declaration_hash(spec, group), dict(all, **values),
    own=ml_monitor.table_columns(group) | map('first') | list
) }}
{%- endmacro %}

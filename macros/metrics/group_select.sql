{#-
  The end of the select of a group: all columns of <m>__window_metrics, those of other groups as NULL.
  Arguments: spec, group, source, keys, values (as final_select has them).
-#}
{% macro group_select(spec, group, source, keys, values={}) -%}
{%- set own = ml_monitor.table_columns(group) | map('first') | list -%}
{%- set all = {
    'metric_group': "'" ~ group ~ "'",
    'rebuild_key': "'" ~ group ~ " ' || window_grain || ' ' || cast(window_start as " ~ ml_monitor.text_type() ~ ')',
    'model_version': "'__all__'", 'segment_name': "'__all__'", 'segment_value': "'__all__'",
} -%}
{%- for column in ml_monitor.window_metrics_columns()[1:] if column[0] not in own and column[0] not in all -%}
    {%- do all.update({column[0]: 'null'}) -%}
{%- endfor -%}
{{ ml_monitor.final_select(
    spec.name, 'window_metrics', source, keys, ml_monitor.declaration_hash(spec, group), dict(all, **values)
) }}
{%- endmacro %}

{#-
  The tables that are groups of rows of another one: dict of name -> [table, column that names the group, its value, dict of renamed
  columns].
-#}
{% macro grouped_tables() %}
    {%- set groups = {'runs': ['history', 'record', 'run', {}], 'check_history': ['history', 'record', 'check', {}]} -%}
    {%- for group in ['volume', 'freshness', 'join_cardinality', 'reconciliation', 'quality_score'] -%}
        {%- do groups.update({group: ['window_metrics', 'metric_group', group, {group ~ '_id': 'window_metric_id'}]}) -%}
    {%- endfor -%}
    {%- do return(groups) -%}
{% endmacro %}

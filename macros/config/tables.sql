{#-
  Every table of a monitor, with the part that a monitor needs to have it; none if all have it. The groups of <m>__window_metrics count as
  tables.
  Returns: dict of table -> part (string or none).
-#}
{% macro parts_of_tables() %}
    {%- do return({
        'inferences_log': none, 'labels_log': 'labels', 'inferences': none, 'labels': 'labels', 'quarantine': none,
        'grid': none, 'reference_profile': 'reference',
        'hourly_profile': none, 'hourly_volume': none, 'hourly_outcomes': 'labels', 'hourly_joins': 'joins',
            'hourly_relations': 'relations',
        'hourly_embeddings': 'embeddings', 'baseline_windows': none,
        'drift': none, 'relations': 'relations', 'embeddings': 'embeddings', 'attributions': 'attributions', 'data_quality': none,
        'window_metrics': none, 'volume': none, 'freshness': none, 'join_cardinality': 'joins', 'reconciliation': 'reconciliation',
            'quality_score': none,
        'parity': 'offline', 'performance': 'labels', 'metrics': none, 'checks': none, 'history': none, 'runs': none, 'check_history': none,
            'gate': none,
    }) -%}
{% endmacro %}


{#- Whether a monitor has a table. Arguments: monitor, table (strings). Returns: boolean. -#}
{% macro has_table(monitor, table) %}
    {%- set part = ml_monitor.parts_of_tables()[table] -%}
    {%- do return(not part or ml_monitor.has_part(monitor, part)) -%}
{% endmacro %}


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


{#-
  What a select reads a table of a monitor from, a group of another table as a subquery.
  Arguments: monitor, table (strings). Returns: relation or SQL.
-#}
{% macro read_from(monitor, table) %}
    {%- set group = ml_monitor.grouped_tables().get(table) -%}
    {%- if not group -%}{%- do return(ref(monitor ~ '__' ~ table)) -%}{%- endif -%}
    {%- do return('(select * from ' ~ ref(monitor ~ '__' ~ group[0]) ~ ' where ' ~ group[1] ~ " = '" ~ group[2] ~ "') as " ~ table) -%}
{% endmacro %}


{#-
  The columns of a table of a monitor, in its order; of logs and the views on them, what they add to those of staging.
  Arguments: table (string). Returns: list of [name, type, description]; type is string, double, or one that every engine knows.
-#}
{% macro table_columns(table) %}
    {#- Each is called by its name: dbt finds what a model or a test depends on by reading the calls. -#}
    {%- if table == 'inferences_log' -%}{%- do return(ml_monitor.inferences_log_columns()) -%}{%- endif -%}
    {%- if table == 'labels_log' -%}{%- do return(ml_monitor.labels_log_columns()) -%}{%- endif -%}
    {%- if table == 'quarantine' -%}{%- do return(ml_monitor.quarantine_columns()) -%}{%- endif -%}
    {%- if table == 'grid' -%}{%- do return(ml_monitor.grid_columns()) -%}{%- endif -%}
    {%- if table == 'reference_profile' -%}{%- do return(ml_monitor.reference_profile_columns()) -%}{%- endif -%}
    {%- if table == 'hourly_profile' -%}{%- do return(ml_monitor.hourly_profile_columns()) -%}{%- endif -%}
    {%- if table == 'hourly_volume' -%}{%- do return(ml_monitor.hourly_volume_columns()) -%}{%- endif -%}
    {%- if table == 'hourly_outcomes' -%}{%- do return(ml_monitor.hourly_outcomes_columns()) -%}{%- endif -%}
    {%- if table == 'hourly_joins' -%}{%- do return(ml_monitor.hourly_joins_columns()) -%}{%- endif -%}
    {%- if table == 'hourly_relations' -%}{%- do return(ml_monitor.hourly_relations_columns()) -%}{%- endif -%}
    {%- if table == 'hourly_embeddings' -%}{%- do return(ml_monitor.hourly_embeddings_columns()) -%}{%- endif -%}
    {%- if table == 'baseline_windows' -%}{%- do return(ml_monitor.baseline_windows_columns()) -%}{%- endif -%}
    {%- if table == 'drift' -%}{%- do return(ml_monitor.drift_columns()) -%}{%- endif -%}
    {%- if table == 'relations' -%}{%- do return(ml_monitor.relations_columns()) -%}{%- endif -%}
    {%- if table == 'embeddings' -%}{%- do return(ml_monitor.embeddings_columns()) -%}{%- endif -%}
    {%- if table == 'attributions' -%}{%- do return(ml_monitor.attributions_columns()) -%}{%- endif -%}
    {%- if table == 'data_quality' -%}{%- do return(ml_monitor.data_quality_columns()) -%}{%- endif -%}
    {%- if table == 'window_metrics' -%}{%- do return(ml_monitor.window_metrics_columns()) -%}{%- endif -%}
    {%- if table == 'volume' -%}{%- do return(ml_monitor.volume_columns()) -%}{%- endif -%}
    {%- if table == 'freshness' -%}{%- do return(ml_monitor.freshness_columns()) -%}{%- endif -%}
    {%- if table == 'join_cardinality' -%}{%- do return(ml_monitor.join_cardinality_columns()) -%}{%- endif -%}
    {%- if table == 'reconciliation' -%}{%- do return(ml_monitor.reconciliation_columns()) -%}{%- endif -%}
    {%- if table == 'quality_score' -%}{%- do return(ml_monitor.quality_score_columns()) -%}{%- endif -%}
    {%- if table == 'parity' -%}{%- do return(ml_monitor.parity_columns()) -%}{%- endif -%}
    {%- if table == 'performance' -%}{%- do return(ml_monitor.performance_columns()) -%}{%- endif -%}
    {%- if table == 'metrics' -%}{%- do return(ml_monitor.metrics_columns()) -%}{%- endif -%}
    {%- if table == 'checks' -%}{%- do return(ml_monitor.checks_columns()) -%}{%- endif -%}
    {%- if table == 'history' -%}{%- do return(ml_monitor.history_columns()) -%}{%- endif -%}
    {%- if table == 'runs' -%}{%- do return(ml_monitor.runs_columns()) -%}{%- endif -%}
    {%- if table == 'check_history' -%}{%- do return(ml_monitor.check_history_columns()) -%}{%- endif -%}
    {%- if table == 'gate' -%}{%- do return(ml_monitor.gate_columns()) -%}{%- endif -%}
{% endmacro %}


{#-
  The columns that a model's table should have, for the materialization. Arguments: name (string: of the model).
  Returns: list of [name, name as SQL writes it, type as the lists have it].
-#}
{% macro stored_columns(name) %}
    {%- if name == 'ml_deletions' -%}
        {%- set monitor, table, listed = none, none, ml_monitor.deletions_columns() -%}
    {%- else -%}
        {%- set monitor, table = name.split('__') -%}
        {%- set listed = ml_monitor.table_columns(table) -%}
    {%- endif -%}
    {%- set ns = namespace(columns=[]) -%}
    {%- if table in ['inferences_log', 'labels_log'] -%}
        {%- for column in ml_monitor.monitor_spec(monitor)[table[:-4]] -%}
            {%- set ns.columns = ns.columns + [[column.name, column.sql, column.data_type]] -%}
        {%- endfor -%}
    {%- endif -%}
    {%- for name, type, description in listed -%}{%- set ns.columns = ns.columns + [[name, name, type]] -%}{%- endfor -%}
    {%- do return(ns.columns) -%}
{% endmacro %}


{#- The SQL type of a type that the lists of columns name: string, double, or one that every engine knows. -#}
{% macro sql_type(type) %}
    {%- do return(ml_monitor.text_type() if type == 'string' else ml_monitor.float_type() if type == 'double' else type) -%}
{% endmacro %}

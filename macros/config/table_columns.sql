{#-
  The columns of a table of a monitor, in its order; of logs and the views on them, what they add to those of staging.
  Arguments: table, monitor (strings; without a monitor, the columns that those of every monitor have).
  Returns: list of [name, type, description]; type is string, double, or one that every engine knows.
-#}
{% macro table_columns(table, monitor=none) %}
    {#- Each is called by its name: dbt finds what a model or a test depends on by reading the calls. -#}
    {%- if table == 'inferences_log' -%}{%- do return(ml_monitor.inferences_log_columns()) -%}{%- endif -%}
    {%- if table == 'labels_log' -%}{%- do return(ml_monitor.labels_log_columns()) -%}{%- endif -%}
    {%- if table == 'quarantine' -%}{%- do return(ml_monitor.quarantine_columns()) -%}{%- endif -%}
    {%- if table == 'grid' -%}{%- do return(ml_monitor.grid_columns()) -%}{%- endif -%}
    {%- if table == 'reference_profile' -%}{%- do return(ml_monitor.reference_profile_columns()) -%}{%- endif -%}
    {%- if table == 'hourly_profile' -%}{%- do return(ml_monitor.hourly_profile_columns()) -%}{%- endif -%}
    {%- if table == 'hourly_volume' -%}
        {%- set is_sampled = monitor and ml_monitor.sampling_weight(ml_monitor.monitor_spec(monitor)) -%}
        {%- do return(ml_monitor.hourly_volume_columns() + (ml_monitor.sampled_volume_columns() if is_sampled else [])) -%}
    {%- endif -%}
    {%- if table == 'hourly_outcomes' -%}
        {%- do return(ml_monitor.with_custom_columns(ml_monitor.hourly_outcomes_columns(), monitor)) -%}
    {%- endif -%}
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
    {%- if table == 'performance' -%}
        {%- do return(ml_monitor.with_custom_columns(ml_monitor.performance_columns(), monitor)) -%}
    {%- endif -%}
    {%- if table == 'performance_metrics' -%}{%- do return(ml_monitor.performance_metrics_columns()) -%}{%- endif -%}
    {%- if table == 'metrics' -%}{%- do return(ml_monitor.metrics_columns()) -%}{%- endif -%}
    {%- if table == 'checks' -%}{%- do return(ml_monitor.checks_columns()) -%}{%- endif -%}
    {%- if table == 'history' -%}{%- do return(ml_monitor.history_columns()) -%}{%- endif -%}
    {%- if table == 'runs' -%}{%- do return(ml_monitor.runs_columns()) -%}{%- endif -%}
    {%- if table == 'check_history' -%}{%- do return(ml_monitor.check_history_columns()) -%}{%- endif -%}
    {%- if table == 'gate' -%}{%- do return(ml_monitor.gate_columns()) -%}{%- endif -%}
{% endmacro %}

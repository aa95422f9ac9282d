{#- The columns of ml_runs. -#}
{% macro runs_columns() %}
    {%- do return(ml_monitor.listed_columns([
        'monitor',
        ['invocation_id', 'string', 'dbt run.'],
        'recorded_at', 'as_of',
        ['git_revision', 'string', 'Commit of the project: environment variable ML_GIT_REVISION, else GITHUB_SHA, CI_COMMIT_SHA or '
            'DBT_CLOUD_GIT_SHA; NULL if none is set.'],
        ['run_case', 'string', 'first_run, full_refresh, changed_declaration, nothing_new, back_fill, catch_up, late_rows, label_wave or '
            'standard.'],
        ['changed_rows', 'bigint', 'Rows of the inference log that were written or changed since the run before.'],
        ['changed_labels', 'bigint', 'Rows of the label log that were written or changed since the run before.'],
        ['rebuilt_hours', 'int', 'Hours of predictions that were counted again.'],
        ['label_only_hours', 'int', 'Of these the hours in which no prediction changed.'],
        ['first_rebuilt_hour', 'timestamp', 'The first of them (UTC).'],
        ['last_rebuilt_hour', 'timestamp', 'The last of them (UTC).'],
        ['rebuilt_ranges', 'string', 'The first five ranges of them, as text.'],
        ['rebuilt_tables', 'string', 'Rollups counted anew because their declaration changed, separated by commas; else NULL.'],
        ['oldest_hour', 'timestamp', 'First hour with a prediction (UTC).'],
        ['newest_hour', 'timestamp', 'Last hour with a prediction (UTC).'],
        ['message', 'The log line of the run.'],
        ['declaration_hashes', 'string', 'Rollups and the hash of the declaration each is counted by.'],
        'ml_batch', 'labels_batch',
    ])) -%}
{% endmacro %}

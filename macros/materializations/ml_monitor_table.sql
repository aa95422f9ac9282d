{#-
  Materialization of the tables of a monitor: like dbt's `incremental`, but groups of rows are replaced by one macro per adapter
  (replace_groups), and a table with nothing new is left as it is.

  dbt's own `incremental` plans and runs the whole select, compares columns and inserts nothing, whenever there is nothing new; most runs
  of most tables are like that. It can be overridden only from the root project, so users who install ml_monitor as a package would not have
  the gain. A materialization under its own name works from a package (docs/decisions/0016-one-materialization.md).

  1. Columns that the model has and the table lacks are added, and another run that writes the table is waited for.
  2. If the select has a line `-- Written only if <CTE> has rows.`, the CTEs above it are run first. If that CTE has no rows, the table is
  left as it is, and dbt reports `nothing to write`.
  3. Else the select goes into a temporary table, whose groups (config `unique_key`; without one its rows are added) replace those of the
     table in one transaction.

  On a first run and under --full-refresh the table is built from the whole select. Hooks, grants and persist_docs work as in dbt.
-#}
{% materialization ml_monitor_table, default %}
    {%- set existing = load_cached_relation(this) -%}
    {%- set target = this.incorporate(type='table') -%}
    {%- set is_built_anew = existing is none or not existing.is_table or should_full_refresh() -%}
    {%- set has_temporary = ml_monitor.has_temporary_tables() -%}
    {%- set grants = config.get('grants') -%}
    {%- set to_drop = [] -%}
    {%- if is_built_anew -%}
        {#- What a killed run has left. -#}
        {%- for leftover in [make_intermediate_relation(target), make_backup_relation(target, existing.type if existing else 'table')] -%}
            {%- do drop_relation_if_exists(load_cached_relation(leftover)) -%}
        {%- endfor -%}
    {%- endif -%}
    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}

    {%- if is_built_anew -%}
        {%- set is_beside = existing and has_temporary -%}
        {%- if existing and not has_temporary and not existing.is_table -%}{%- do adapter.drop_relation(existing) -%}{%- endif -%}
        {%- set written = make_intermediate_relation(target) if is_beside else target -%}
        {%- call statement('main') -%}{{ get_create_table_as_sql(False, written, sql) }}{%- endcall -%}
        {%- do create_indexes(written) -%}
        {%- if is_beside -%}
            {%- set backup = make_backup_relation(target, existing.type) -%}
            {%- do adapter.rename_relation(existing, backup) -%}
            {%- do adapter.rename_relation(written, target) -%}
            {%- do to_drop.append(backup) -%}
        {%- endif -%}
    {%- else -%}
        {%- do ml_monitor.add_missing_columns(target) -%}
        {%- set lock = ml_monitor.lock_statement(target) -%}
        {%- if lock -%}{%- do run_query(lock) -%}{%- endif -%}
        {%- set source = make_temp_relation(target) if has_temporary else make_intermediate_relation(target) -%}
        {%- if not ml_monitor.has_rows_to_write(sql) -%}
            {%- call noop_statement('main', 'nothing to write', 'OK') -%}{%- endcall -%}
        {%- else -%}
            {%- do run_query(get_create_table_as_sql(has_temporary, source, sql)) -%}
            {%- if run_query('select 1 from ' ~ source ~ ' limit 1').rows | length == 0 -%}
                {%- call noop_statement('main', 'nothing to write', 'OK') -%}{%- endcall -%}
            {%- else -%}
                {%- do process_schema_changes(config.get('on_schema_change'), source, target) -%}
                {%- set columns = run_query('select * from ' ~ source ~ ' where 1 = 0').column_names -%}
                {%- call statement('main') -%}
{{ ml_monitor.replace_groups(target, source, config.get('unique_key'), get_quoted_csv(columns)) }}
                {%- endcall -%}
            {%- endif -%}
            {%- do adapter.drop_relation(source) -%}
        {%- endif -%}
    {%- endif -%}

    {%- do apply_grants(target, grants, should_revoke=should_revoke(existing, is_built_anew)) -%}
    {%- do persist_docs(target, model) -%}
    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {%- do adapter.commit() -%}
    {%- for relation in to_drop -%}{%- do adapter.drop_relation(relation) -%}{%- endfor -%}
    {{ run_hooks(post_hooks, inside_transaction=False) }}
    {%- do return({'relations': [target]}) -%}
{% endmaterialization %}


{#-
  Whether a model is to be written: true unless its select names a CTE that says so and that has no rows.
  Arguments: sql (string: the compiled select). Returns: boolean.
-#}
{% macro has_rows_to_write(sql) %}
    {%- set parts = (sql | string).partition('-- Written only if ') -%}
    {%- if not parts[1] -%}{%- do return(true) -%}{%- endif -%}
    {%- set question = parts[0].rstrip().rstrip(',') ~ '\n\nselect 1 from ' ~ parts[2].split(' ')[0] ~ ' limit 1' -%}
    {%- do return(run_query((ml_monitor.planner_settings() or '') ~ question).rows | length > 0) -%}
{% endmacro %}


{#-
  Adds the columns that a model has now and its table lacks, as after an upgrade or when a staging column is new, so that the select can
  name them. They are NULL; so the rows are first marked as those of another declaration, which has them built again. Append-only tables
  keep theirs.
  Arguments: target (relation).
-#}
{% macro add_missing_columns(target) %}
    {#- The first statement of the model: it begins the transaction that the materialization commits. -#}
    {%- call statement('stored', fetch_result=True) -%}select * from {{ target }} where 1 = 0{%- endcall -%}
    {%- set stored = load_result('stored').table.column_names | map('lower') | list -%}
    {%- set missing = namespace(columns=[]) -%}
    {%- for name, sql, type in ml_monitor.stored_columns(model.name) if name | lower not in stored -%}
        {%- set missing.columns = missing.columns + [sql ~ ' ' ~ ml_monitor.sql_type(type)] -%}
    {%- endfor -%}
    {%- if missing.columns and config.get('unique_key') -%}
        {%- for state in ['declaration_hash', 'input_state'] if state in stored -%}
            {%- do ml_monitor.run_and_commit('update ' ~ target ~ ' set ' ~ state ~ " = 'a column was added'") -%}
        {%- endfor -%}
    {%- endif -%}
    {%- for column in missing.columns -%}{%- do ml_monitor.run_and_commit('alter table ' ~ target ~ ' add column ' ~ column) -%}
        {%- endfor -%}
    {#- Each of these has ended its transaction, and a table with nothing to write begins no other. -#}
    {%- if missing.columns -%}{%- call statement('begin') -%}select 1{%- endcall -%}{%- endif -%}
{% endmacro %}

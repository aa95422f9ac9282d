{#-
  on-run-start: refuses what would destroy history, before any SQL that writes.

  - --full-refresh of a log that has rows which staging has no longer, unless var ml_allow_full_refresh is true;
  - --empty and --sample where a log has rows: a part of the source would be taken for all of it;
  - an as_of before the one that the tables of a monitor were last built for, or before the newest row of a log: what is known later would
    stay in them;
  - tables of ml_monitor 0.1, whose shape is another one.

  Only for monitors of which this run selects a log or something computed from it. Reads two counts per monitor.
  Raises: a compiler error with all refusals, each with the way to do it on purpose.
-#}
{% macro guard_history() %}
    {%- if execute and flags.WHICH in ['build', 'run'] -%}
        {%- set refusals = [] -%}
        {%- for monitor in ml_monitor.ml_monitors() -%}
            {%- for table in ['inferences_log', 'labels_log'] -%}
                {%- set node = ml_monitor.selected_node(monitor ~ '__' ~ table) -%}
                {%- set is_partial = '--empty' if flags.EMPTY else '--sample' if invocation_args_dict.sample else none -%}
                {%- if node and is_partial and (ml_monitor.number_in(node, 'count(*)') or 0) > 0 -%}
                    {%- do refusals.append(node.name ~ ' has rows, and ' ~ is_partial ~ ' shows it a part of its source only.'
                        ~ '\n   Try it in a schema of its own: ' ~ ml_monitor.in_schema('trial', 'dbt build ' ~ is_partial)) -%}
                {%- elif node and flags.FULL_REFRESH and not ml_monitor.setting('allow_full_refresh') -%}
                    {%- set lost = ml_monitor.hours_lost_by_refresh(monitor, node) -%}
                    {%- if lost and lost.hours > 0 -%}
                        {%- do refusals.append(node.name ~ ' holds ' ~ lost.rows ~ ' rows that staging has no longer, in ' ~ lost.hours
                            ~ ' hours from ' ~ (lost.first_hour | string)[:16] ~ ' on; --full-refresh would lose them.'
                            ~ "\n   On purpose: dbt build --full-refresh --vars '{ml_allow_full_refresh: true}'"
                            ~ '\n   Otherwise:  dbt build; it rebuilds what a changed declaration needs by itself') -%}
                    {%- endif -%}
                {%- endif -%}
                {%- set newest = ml_monitor.number_in(node, 'max(ml_ingest_hour)') if node and ml_monitor.is_as_of_given() else none -%}
                {%- if newest is not none and (newest | string)[:19] > ml_monitor.as_of_text()[:19] -%}
                    {%- do refusals.append('as_of ' ~ ml_monitor.as_of_text() ~ ' is before ' ~ (newest | string)[:19]
                        ~ ', the hour of the newest row of ' ~ node.name ~ '.' ~ ml_monitor.past_apart()) -%}
                {%- endif -%}
            {%- endfor -%}
            {%- set grid = ml_monitor.selected_node(monitor ~ '__grid') -%}
            {%- if grid and ml_monitor.relation_of_0_1(grid, 'grid_categories') -%}
                {%- do refusals.append('schema ' ~ grid.schema ~ ' holds tables of ' ~ monitor ~ ' that ml_monitor 0.1 has built. '
                    ~ '0.2 has other tables, and there is no migration.'
                    ~ '\n   Drop them, records included, and build anew: '
                    ~ "dbt run-operation drop_tables_of_0_1 --args '{monitor: " ~ monitor ~ "}'; dbt build"
                    ~ '\n   Or keep them, and give the target another schema in profiles.yml') -%}
            {%- endif -%}
            {%- set runs = ml_monitor.selected_node(monitor ~ '__history') -%}
            {%- if runs -%}
                {%- set built = ml_monitor.number_in(runs, 'max(as_of)') -%}
                {%- set as_of = ml_monitor.as_of_text() -%}
                {%- if built is not none and (built | string)[:19] > as_of[:19] -%}
                    {%- do refusals.append('as_of ' ~ as_of ~ ' is before ' ~ (built | string)[:19] ~ ', which the tables of ' ~ monitor
                        ~ ' in schema ' ~ runs.schema ~ ' were last built for; rows known since then would stay in them.'
                        ~ ml_monitor.past_apart()) -%}
                {%- endif -%}
            {%- endif -%}
        {%- endfor -%}
        {%- if refusals -%}
            {%- do exceptions.raise_compiler_error('ml_monitor: refused; nothing was changed.\n\n' ~ refusals | join('\n\n')) -%}
        {%- endif -%}
    {%- endif -%}
{% endmacro %}


{#- How to build the past, for refusals. -#}
{% macro past_apart() %}
    {%- set as_of = ml_monitor.as_of_text() -%}
    {%- do return('\n   Build the past in a schema of its own: '
        ~ ml_monitor.in_schema('as_of_' ~ as_of[:10].replace('-', ''), 'ML_AS_OF=' ~ as_of.replace(' ', 'T') ~ ' dbt build')) -%}
{% endmacro %}


{#-
  A command that builds in another schema, for refusals: our own profile takes the schema from the environment, others have a target for it.
  Arguments: schema (string), command (string). Returns: string.
-#}
{% macro in_schema(schema, command) %}
    {%- if project_name == 'ml_monitor' -%}{%- do return('ML_SCHEMA=' ~ schema ~ ' ' ~ command) -%}{%- endif -%}
    {%- do return(command ~ ' --target ' ~ schema ~ ', a target of profiles.yml with `schema: ' ~ schema ~ '`') -%}
{% endmacro %}


{#-
  What a log would lose by being read from staging again: hours of ingest of which staging has fewer rows than the log; what was deleted on
  purpose does not count.
  Arguments: monitor (string), log (graph node of <m>__inferences_log or <m>__labels_log). Returns: dict of hours, rows and first_hour; none
  if the log or staging does not exist yet.
-#}
{% macro hours_lost_by_refresh(monitor, log) %}
    {%- set part = log.name.rpartition('__')[2].replace('_log', '') -%}
    {%- set staging = ml_monitor.staging_node(monitor, part) -%}
    {%- for node in [log, staging] if not adapter.get_relation(node.database, node.schema, node.alias) -%}
        {%- do return(none) -%}
    {%- endfor -%}
    {%- set columns = ml_monitor.monitor_spec(monitor)[part] -%}
    {%- set time = ml_monitor.role_column(columns, 'event_time' if part == 'inferences' else 'label_time') -%}
    {%- set hour = ml_monitor.ingest_hour(time, ml_monitor.role_column(columns, 'ingest_time') or time) -%}
    {%- set sql -%}
select count(*) as hours, coalesce(sum(logged.row_count - coalesce(staged.row_count, 0)), 0) as lost_rows, min(logged.hour) as first_hour
from (
    select ml_ingest_hour as hour, count(*) as row_count
    from {{ log.relation_name }}
    where ml_row_state <> 'deleted'
    group by ml_ingest_hour
) as logged
left join (
    select {{ hour }} as hour, count(*) as row_count from {{ staging.relation_name }} group by {{ hour }}
) as staged on logged.hour = staged.hour
where coalesce(staged.row_count, 0) < logged.row_count
    {%- endset -%}
    {%- set found = run_query(sql).rows[0] -%}
    {%- do return({'hours': found['hours'] | int, 'rows': found['lost_rows'] | int, 'first_hour': found['first_hour']}) -%}
{% endmacro %}


{#- A relation that 0.1 made beside a monitor's grid, or none. Arguments: grid (graph node), table (string: the part after `<m>__`). -#}
{% macro relation_of_0_1(grid, table) %}
    {%- do return(adapter.get_relation(grid.database, grid.schema, grid.alias.rpartition('__grid')[0] ~ '__' ~ table)) -%}
{% endmacro %}


{#-
  run-operation: drops the tables and views of a monitor that ml_monitor 0.1 has built, with the records of its checks and runs.
  Arguments: monitor (string).
-#}
{% macro drop_tables_of_0_1(monitor) %}
    {%- if execute -%}
        {%- set grid = ml_monitor.model_node(monitor ~ '__grid') -%}
        {%- set gone = ['gate', 'metrics', 'inferences', 'labels', 'quarantine', 'grid_categories', 'label_leak', 'volume', 'freshness',
            'join_cardinality', 'reconciliation', 'quality_score', 'runs', 'check_history', 'deletions'] -%}
        {%- for table in gone + ml_monitor.parts_of_tables().keys() | list -%}
            {%- set relation = ml_monitor.relation_of_0_1(grid, table) -%}
            {%- if relation -%}
                {%- do ml_monitor.run_and_commit('drop ' ~ relation.type ~ ' if exists ' ~ relation ~ ' cascade') -%}
                {%- do log('ml_monitor  dropped ' ~ relation, info=true) -%}
            {%- endif -%}
        {%- endfor -%}
    {%- endif -%}
{% endmacro %}


{#- The graph node of a model that this run selects, or none. -#}
{% macro selected_node(name) %}
    {%- set ns = namespace(node=none) -%}
    {%- for id in selected_resources if id.startswith('model.') and id.split('.')[2] == name -%}
        {%- set ns.node = graph.nodes[id] -%}
    {%- endfor -%}
    {%- do return(ns.node) -%}
{% endmacro %}

{#-
  on-run-start: refuses what would destroy history, before any SQL that writes.

  - --full-refresh of a log with more than var ml_full_refresh_rows (1,000,000) rows, unless var ml_allow_full_refresh is true;
  - an as_of before the one that the tables of a monitor were last built for: what is known later would stay in them;
  - tables of ml_monitor 0.1, whose shape is another one.

  Only for monitors of which this run selects a log or something computed from it. Reads two counts per monitor.
  Raises: a compiler error with all refusals, each with the way to do it on purpose.
-#}
{% macro guard_history() %}
    {%- if execute and flags.WHICH in ['build', 'run'] and not flags.EMPTY -%}
        {%- set refusals = [] -%}
        {%- for monitor in ml_monitor.ml_monitors() -%}
            {%- for table in ['inferences_log', 'labels_log'] -%}
                {%- set node = ml_monitor.selected_node(monitor ~ '__' ~ table) -%}
                {%- if node and flags.FULL_REFRESH and not ml_monitor.setting('allow_full_refresh') -%}
                    {%- set rows = ml_monitor.number_in(node, 'count(*)') -%}
                    {%- if rows is not none and rows > ml_monitor.setting('full_refresh_rows') -%}
                        {%- do refusals.append(node.name ~ ' holds ' ~ '{:,}'.format(rows) ~ ' rows, and --full-refresh would read them '
                            ~ 'all from staging again and lose what staging no longer has.'
                            ~ "\n   On purpose: dbt build --full-refresh --vars '{ml_allow_full_refresh: true}'"
                            ~ '\n   Otherwise:  dbt build; it rebuilds what a changed declaration needs by itself') -%}
                    {%- endif -%}
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
                        ~ '\n   Build the past in a schema of its own: ML_SCHEMA=as_of_' ~ as_of[:10].replace('-', '')
                        ~ ' ML_AS_OF=' ~ as_of.replace(' ', 'T') ~ ' dbt build') -%}
                {%- endif -%}
            {%- endif -%}
        {%- endfor -%}
        {%- if refusals -%}
            {%- do exceptions.raise_compiler_error('ml_monitor: refused; nothing was changed.\n\n' ~ refusals | join('\n\n')) -%}
        {%- endif -%}
    {%- endif -%}
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


{#- One aggregate over a node's relation; none if the relation does not exist yet. -#}
{% macro number_in(node, aggregate) %}
    {%- if not adapter.get_relation(node.database, node.schema, node.alias) -%}{%- do return(none) -%}{%- endif -%}
    {%- do return(run_query('select ' ~ aggregate ~ ' from ' ~ node.relation_name).rows[0][0]) -%}
{% endmacro %}

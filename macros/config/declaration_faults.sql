{#-
  The faults of one monitor's declaration: the YAML of its staging models against the keys, roles and parts that ml_monitor knows.

  Arguments: monitor (string).
  Returns: list of dicts {file, key, found, allowed, snippet}; empty when all is well or while dbt parses.
-#}
{% macro declaration_faults(monitor) %}
    {%- set faults = [] -%}
    {%- if not execute or not graph -%}{%- do return(faults) -%}{%- endif -%}
    {%- set parts = ml_monitor.ml_monitors().get(monitor) or [] -%}
    {%- for table in ['inferences'] + parts | reject('in', ml_monitor.parts_without_staging()) | list -%}
        {%- set name = 'stg_' ~ monitor ~ '__' ~ table -%}
        {%- set node = ml_monitor.staging_node(monitor, table) -%}
        {%- if not node -%}
            {%- do faults.append({
                'file': 'dbt_project.yml',
                'key': 'vars.ml_monitors.' ~ monitor ~ ('' if table == 'inferences' else ' (part ' ~ table ~ ')'),
                'found': 'no model ' ~ name, 'allowed': 'monitors and parts that have a staging model',
                'snippet': 'models:\n  - name: ' ~ name ~ '\n    config: {contract: {enforced: true}}',
            }) -%}
        {%- else -%}
            {%- set file = ml_monitor.yaml_file(node) -%}
            {%- if not node.config.contract or not node.config.contract.enforced -%}
                {%- do faults.append({
                    'file': file, 'key': name ~ '.config.contract.enforced', 'found': 'not enforced', 'allowed': 'true',
                    'snippet': '- name: ' ~ name ~ '\n  config:\n    contract: {enforced: true}',
                }) -%}
            {%- endif -%}
            {%- do faults.extend(ml_monitor.column_faults(monitor, table, node, file)) -%}
            {%- if table == 'inferences' -%}
                {%- do faults.extend(ml_monitor.monitor_faults(monitor, node, file)) -%}
            {%- elif node.config.meta.get('ml_monitor') -%}
                {%- do faults.append({
                    'file': file, 'key': name ~ '.config.meta.ml_monitor', 'found': 'settings of the monitor on its part ' ~ table,
                    'allowed': 'settings on stg_' ~ monitor ~ '__inferences only',
                    'snippet': '- name: stg_' ~ monitor ~ '__inferences\n  config:\n    meta:\n      ml_monitor:\n        '
                        ~ node.config.meta.ml_monitor | list | first ~ ': ...',
                }) -%}
            {%- endif -%}
        {%- endif -%}
    {%- endfor -%}
    {#- Only once staging itself is right: its columns are what these contracts follow. -#}
    {%- do return(faults or ml_monitor.paired_type_faults(monitor) or ml_monitor.contract_faults(monitor)) -%}
{% endmacro %}

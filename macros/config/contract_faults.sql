{#-
  Faults of the contracts of what people read of a monitor: <m>__inferences, <m>__labels and <m>__quarantine have the columns of staging,
  which scripts/scaffold.py copies into their YAML. Only those that enforce a contract are compared.

  Arguments: monitor (string).
  Returns: list of dicts as in declaration_faults.
-#}
{% macro contract_faults(monitor) %}
    {%- set faults = [] -%}
    {%- for table, source, added in [
        ('inferences', 'inferences', []), ('labels', 'labels', []),
        ('quarantine', 'inferences', ml_monitor.quarantine_columns() | map('first') | list),
    ] -%}
        {%- set node = ml_monitor.model_node(monitor ~ '__' ~ table) -%}
        {%- set staging = ml_monitor.staging_node(monitor, source) -%}
        {%- if node and staging and node.config.contract and node.config.contract.enforced -%}
            {%- set found, wanted, differences = [], [], [] -%}
            {%- for column in node.columns.values() if column.name not in added -%}
                {%- do found.append(column.name ~ ' ' ~ column.data_type) -%}
            {%- endfor -%}
            {%- for column in staging.columns.values() -%}{%- do wanted.append(column.name ~ ' ' ~ column.data_type) -%}{%- endfor -%}
            {%- for word, columns in [('without ', wanted | reject('in', found)), ('with ', found | reject('in', wanted))] -%}
                {%- set columns = columns | list -%}
                {%- if columns -%}{%- do differences.append(word ~ columns | join(', ')) -%}{%- endif -%}
            {%- endfor -%}
            {%- if differences -%}
                {%- do faults.append({'file': ml_monitor.yaml_file(node), 'key': node.name ~ '.columns', 'found': differences | join('; '),
                    'allowed': 'the columns of ' ~ staging.name, 'snippet': ml_monitor.scaffold_command(monitor)}) -%}
            {%- endif -%}
        {%- endif -%}
    {%- endfor -%}
    {%- do return(faults) -%}
{% endmacro %}


{#- The command that writes the files of a monitor again, as this project runs it. Arguments: monitor (string). Returns: string. -#}
{% macro scaffold_command(monitor) %}
    {%- set parts = ml_monitor.ml_monitors().get(monitor) or [] -%}
    {%- set is_demo = project_name == 'ml_monitor' and monitor in ['flight_delay', 'flight_air_time'] -%}
    {%- set folder = 'scripts' if project_name == 'ml_monitor' else 'dbt_packages/ml_monitor/scripts' -%}
    {%- do return('# by this command:\npython ' ~ folder ~ '/scaffold.py ' ~ monitor ~ (' --parts ' ~ parts | join(' ') if parts else '')
        ~ (' --demo' if is_demo else '') ~ ' --force') -%}
{% endmacro %}

{#- Tells dbt that a model reads a table. Arguments: monitor, table (strings, as monitor_model has them). -#}
{% macro read_of(monitor, table) %}
    {%- if table == 'stg_lookups' -%}
        {%- for lookup in ml_monitor.lookups(monitor) -%}{%- do ref('stg_' ~ monitor ~ '__' ~ lookup) -%}{%- endfor -%}
    {%- elif table.startswith('stg_') -%}
        {%- set part = table[4:] -%}
        {%- if part == 'inferences' or ml_monitor.has_part(monitor, part) -%}{%- do ref('stg_' ~ monitor ~ '__' ~ part) -%}{%- endif -%}
    {%- elif table == 'policies' -%}
        {%- do ml_monitor.policy_rules() -%}
    {%- elif table == 'maintenance_windows' -%}
        {%- do ml_monitor.maintenance_windows(monitor) -%}
    {%- elif table == 'waivers' -%}
        {%- do ml_monitor.waivers(monitor) -%}
    {%- elif table == 'model_registry' -%}
        {%- if ml_monitor.model_registry(monitor) -%}{%- do ref(monitor ~ '__hourly_volume') -%}{%- endif -%}
    {%- elif table == 'expected_changes' -%}
        {%- do ml_monitor.expected_changes(monitor) -%}
    {%- elif table.startswith('ml_') -%}
        {%- do ref('ml_monitor', table) -%}
    {%- elif ml_monitor.has_table(monitor, table) -%}
        {%- do ref(monitor ~ '__' ~ table) -%}
    {%- endif -%}
{% endmacro %}

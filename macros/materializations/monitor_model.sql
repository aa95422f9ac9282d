{#-
  The configuration of a monitor's model, and what it reads. The first call of every model's macro.

  While dbt parses, a model is no more than this: its SQL is made when it runs, which is two thirds of the time that dbt would take to parse
  it. So all that a model's select refers to is named here; dbt refuses a reference that is not.

  Arguments:
    monitor (string)
    reads (list of strings): tables of the monitor (`grid`), its staging models (`stg_reference`; `stg_lookups` is all of its lookups), and
      models and seeds of ml_monitor (`policies`, `maintenance_windows`, `waivers` and `expected_changes` are the seeds of these). Those of
      parts that the monitor does not have are left out.
    materialized (string): `ml_monitor_table`, `view`, or dbt's `table` where view_or_table says so
    key (string or none): the column whose groups are replaced; none adds rows
    full_refresh (boolean or none): false keeps the table under --full-refresh
    on_schema_change (string): as of dbt's incremental models; a column that is new in a list of columns is added whatever it says
    access (string): `public` for what people and the fleet views read
-#}
{% macro monitor_model(monitor, reads, materialized='ml_monitor_table', key=none, full_refresh=none, on_schema_change='ignore',
    access='protected') %}
    {#- The monitors of the demo belong to this project, and to no project that installs it. -#}
    {%- set is_enabled = model.package_name != 'ml_monitor' or project_name == 'ml_monitor' -%}
    {%- set settings = {'materialized': materialized, 'tags': ['ml_monitor', monitor], 'access': access, 'enabled': is_enabled} -%}
    {%- if materialized == 'ml_monitor_table' -%}
        {%- do settings.update({'unique_key': key, 'on_schema_change': on_schema_change, 'full_refresh': full_refresh,
            'sql_header': ml_monitor.planner_settings()}) -%}
    {%- elif materialized == 'view' and ml_monitor.before_view(this) -%}
        {%- do settings.update({'pre_hook': ml_monitor.before_view(this)}) -%}
    {%- endif -%}
    {{- config(**settings) -}}
    {%- if not execute -%}
        {%- for table in reads -%}{%- do ml_monitor.read_of(monitor, table) -%}{%- endfor -%}
    {%- endif -%}
{% endmacro %}

{#-
  What of the engine's settings the tables would be wrong with, asked when a run starts.
  Returns: list of dicts as in declaration_faults: what was found, and the line to write.
-#}
{% macro engine_faults() %}{% do return(adapter.dispatch('engine_faults', 'ml_monitor')()) %}{% endmacro %}

{% macro default__engine_faults() %}{% do return([]) %}{% endmacro %}

{#-
  Spark's timestamps are moments: a zone of the session would move every hour and day. Without the extension of Iceberg or Delta there is no
  MERGE; Databricks has Delta built in. ANSI mode is not asked for: dbt-spark 1.11 turns it off for each statement.
-#}
{% macro spark__engine_faults() %}
    {%- set faults = [] -%}
    {%- set wanted = [
        ['spark.sql.session.timeZone', ['UTC', 'Etc/UTC', 'Z'], 'UTC'],
        ['spark.sql.extensions', ['IcebergSparkSessionExtensions', 'DeltaSparkSessionExtension'],
            'org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions'],
    ] -%}
    {%- for name, allowed, example in wanted if name != 'spark.sql.extensions' or adapter.type() == 'spark' -%}
        {%- set found = run_query('set ' ~ name).rows[0][1] | string -%}
        {%- set ns = namespace(is_right=found in allowed) -%}
        {%- if name == 'spark.sql.extensions' -%}
            {%- for extension in allowed if extension in found -%}{%- set ns.is_right = true -%}{%- endfor -%}
        {%- endif -%}
        {%- if not ns.is_right -%}
            {%- do faults.append({'file': 'profiles.yml, or the settings of the cluster', 'key': name, 'found': found,
                'allowed': allowed | join(' or '), 'snippet': 'server_side_parameters:\n  ' ~ name ~ ': ' ~ example}) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- set ns = namespace(plain=[]) -%}
    {%- for node in graph.nodes.values() if node.config.materialized == 'ml_monitor_table' and adapter.type() == 'spark'
        and node.config.get('file_format') not in ['iceberg', 'delta'] -%}
        {%- set ns.plain = ns.plain + [node] -%}
    {%- endfor -%}
    {%- if ns.plain -%}
        {%- set node = ns.plain[0] -%}
        {%- do faults.append({'file': 'dbt_project.yml', 'key': 'models.' ~ node.package_name ~ '.+file_format',
            'found': (node.config.get('file_format') or 'none') ~ ', for ' ~ node.name
                ~ (' and ' ~ (ns.plain | length - 1) ~ ' other tables' if ns.plain | length > 1 else ''),
            'allowed': 'iceberg or delta, which replace groups of rows in one step',
            'snippet': 'models:\n  ' ~ node.package_name ~ ':\n    +file_format: iceberg'}) -%}
    {%- endif -%}
    {%- do return(faults) -%}
{% endmacro %}

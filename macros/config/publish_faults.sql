{#-
  What keeps a run from publishing: found before the run, so that it does not end in an error an hour later.
  Returns: list of dicts as in declaration_faults.
-#}
{% macro publish_faults() %}
    {%- set plugins = [] -%}
    {%- for plugin in target.get('plugins') or [] -%}
        {%- do plugins.append(plugin.get('alias') or plugin.get('module')) -%}
    {%- endfor -%}
    {%- if not ml_monitor.setting('publish_to') or not ml_monitor.can_publish() or 'publish' in plugins -%}
        {%- do return([]) -%}
    {%- endif -%}
    {%- set scripts = 'scripts' if project_name == 'ml_monitor' else 'dbt_packages/ml_monitor/scripts' -%}
    {%- do return([{
        'file': 'profiles.yml', 'key': target.profile_name ~ '.outputs.' ~ target.name ~ '.plugins',
        'found': plugins | join(', ') or 'nothing', 'allowed': 'the plugin publish, which ml_publish_to needs',
        'snippet': target.name ~ ':\n  type: duckdb\n  module_paths: [' ~ scripts ~ ']\n  plugins:\n    - module: publish',
    }]) -%}
{% endmacro %}

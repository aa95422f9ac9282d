{#-
  on-run-end, with var ml_publish_to: publishes a read-only copy of the public tables if the run has built a model. The plugin publish
  (scripts/publish.py) writes it within the process of dbt, since DuckDB shuts out every other; it is a copy of what the run has left,
  whether gates passed or not. Other engines let BI tools read while dbt writes, and need no copy.

  Arguments: results (dbt's on-run-end results).
-#}
{% macro publish_tables(results) %}
    {%- if execute and ml_monitor.setting('publish_to') -%}
        {%- set ns = namespace(is_changed=false) -%}
        {%- for result in results if result.node.resource_type == 'model' and result.status == 'success' -%}
            {%- set ns.is_changed = true -%}
        {%- endfor -%}
        {%- if not ml_monitor.can_publish() -%}
            {%- do log('ml_monitor  nothing published: ' ~ target.type ~ ' lets others read while dbt writes (ml_publish_to is for DuckDB)',
                info=true) -%}
        {%- elif ns.is_changed -%}
            {%- set models = graph.nodes.values() | selectattr('resource_type', 'equalto', 'model') | list -%}
            {%- set chosen = {'nodes': models, 'select': ml_monitor.setting('publish_select')} -%}
            {%- do adapter.store_relation('publish', none, [], ml_monitor.setting('publish_to'), ml_monitor.setting('publish_format'),
                chosen) -%}
        {%- endif -%}
    {%- endif -%}
{% endmacro %}

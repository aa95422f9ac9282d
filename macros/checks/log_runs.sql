{#- on-run-end: logs, for each monitor that was built, which case the run was and which hours it built again. -#}
{% macro log_runs(results) %}
    {%- if execute -%}
        {%- for result in results if result.node.resource_type == 'model' and result.status == 'success' and result.node.name.endswith('__history') -%}
            {%- for row in run_query('select message from ' ~ result.node.relation_name ~ " where record = 'run' and invocation_id = '" ~ invocation_id ~ "'").rows -%}
                {%- do log('ml_monitor  ' ~ row['message'], info=true) -%}
            {%- endfor -%}
        {%- endfor -%}
    {%- endif -%}
{% endmacro %}

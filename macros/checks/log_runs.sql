{#- on-run-end: logs, for each monitor that was built, which case the run was and which hours it built again. -#}
{% macro log_runs(results) %}
    {%- if execute -%}
        {%- set of_this_run = " where record = 'run' and invocation_id = '" ~ invocation_id ~ "'" -%}
        {%- for result in results if result.node.name.endswith('__history') -%}
            {%- if result.node.resource_type == 'model' and result.status == 'success' -%}
                {%- for row in run_query('select message from ' ~ result.node.relation_name ~ of_this_run).rows -%}
                    {%- do log('ml_monitor  ' ~ row['message'], info=true) -%}
                {%- endfor -%}
            {%- endif -%}
        {%- endfor -%}
    {%- endif -%}
{% endmacro %}

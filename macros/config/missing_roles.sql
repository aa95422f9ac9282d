{#-
  The roles that a table must have and no column could be.
  Arguments: about (dict as in suggest_contract). Returns: list of strings; `score or prediction` may be one of them.
-#}
{% macro missing_roles(about) %}
    {%- set needed, missing = [], [] -%}
    {%- for role, often in ml_monitor.roles_of(about.table).items() if often in ['required', 'some'] -%}
        {%- do needed.append(role) -%}
    {%- endfor -%}
    {%- if about.table == 'inferences' -%}
        {%- do needed.append('prediction' if about.task == 'regression' else 'score or prediction') -%}
    {%- endif -%}
    {%- set roles = about.columns | map(attribute='role') | list -%}
    {%- for role in needed if not roles | select('in', role.split(' or ')) | list -%}{%- do missing.append(role) -%}{%- endfor -%}
    {%- do return(missing) -%}
{% endmacro %}

{#-
  Faults of the objectives of a monitor, whose form key_faults has checked.
  Arguments: meta, at (dicts of monitor_faults). Returns: list of dicts as in declaration_faults.
-#}
{% macro objective_faults(meta, at) %}
    {%- set faults, names = [], [] -%}
    {%- for objective in (meta.objectives if ml_monitor.is_list(meta.get('objectives')) else []) if objective is mapping -%}
        {%- set fault = {'file': at.file, 'key': at.path ~ '.objectives[' ~ loop.index0 ~ ']',
            'snippet': at.head ~ 'objectives:\n        - {name: on_time, metric: late_share, target: 0.99}'} -%}
        {%- if objective.name in names -%}
            {%- do faults.append(dict(fault, key=fault.key ~ '.name', found=objective.name ~ ', which another objective is named',
                allowed='a name of its own')) -%}
        {%- endif -%}
        {%- do names.append(objective.name) -%}
        {%- if (objective.metric is string) == (objective.category is string) -%}
            {%- do faults.append(dict(fault, found='both a metric and a category' if objective.metric else 'no metric and no category',
                allowed='a metric, which counts predictions, or a category, which counts hours')) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- do return(faults) -%}
{% endmacro %}

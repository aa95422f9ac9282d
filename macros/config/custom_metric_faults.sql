{#-
  Faults of metrics that macros return, and of names that metrics of ml_monitor have: what is not known before the monitor's spec is made.
  Arguments: monitor (string). Returns: list of dicts as in declaration_faults.
-#}
{% macro custom_metric_faults(monitor) %}
    {%- set spec = ml_monitor.monitor_spec(monitor) -%}
    {%- if not spec.metrics -%}{%- do return([]) -%}{%- endif -%}
    {%- set node = ml_monitor.staging_node(monitor, 'inferences') -%}
    {%- set faults, paths, prefix = [], [], node.name ~ '.config.meta.ml_monitor.' -%}
    {%- set at = {'file': ml_monitor.yaml_file(node), 'snippet': '{% macro ml_metric__missed_amount(monitor) %}\n'
        ~ "    {% do return({'numerator': 'amount * label * (1 - prediction)'}) %}\n{% endmacro %}"} -%}
    {%- for metric in spec.metrics -%}
        {%- set is_found = metric.key.startswith('ml_metric__') -%}
        {%- do paths.append(('macro ' if is_found else prefix) ~ metric.key) -%}
        {%- if is_found -%}
            {%- set given = {} -%}
            {%- for key, value in metric.items() if key != 'key' and value is not none -%}
                {%- do given.update({key: value}) -%}
            {%- endfor -%}
            {%- do faults.extend(ml_monitor.key_faults(ml_monitor.metric_keys(), given, dict(at, path=paths[-1]))) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- set taken = ml_monitor.metric_catalog(dict(spec, metrics=[])) | map(attribute='metric') | list -%}
    {%- do return(faults or ml_monitor.metric_faults(spec.metrics, at, paths, taken)) -%}
{% endmacro %}

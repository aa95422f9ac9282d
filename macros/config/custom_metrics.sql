{#-
  The metrics of a monitor's own: those of its key `metrics`, and what each macro ml_metric__<name> of the root project returns.

  Such a macro takes the monitor (dict of monitor_spec: name, task, inferences, labels) and returns a dict with the keys of metric_keys
  but the name, or none where the metric is not for this monitor:

      {{ '{% macro ml_metric__missed_amount(monitor) %}' }}
          {{ "{% do return({'numerator': 'amount * label * (1 - prediction)', 'unit': 'EUR per row', 'is_better': 'lower'}) %}" }}
      {{ '{% endmacro %}' }}

  Arguments: spec (dict: what monitor_spec has so far), declared (list of dicts of metric_keys, or none).
  Returns: list of dicts with every key of metric_keys and `key`, what a message calls it.
-#}
{% macro custom_metrics(spec, declared) %}
    {%- set defaults, metrics = {}, [] -%}
    {%- for key in ml_monitor.metric_keys() -%}{%- do defaults.update({key.key: key.get('default')}) -%}{%- endfor -%}
    {%- for metric in declared or [] -%}
        {%- do metrics.append(dict(defaults, key='metrics[' ~ loop.index0 ~ ']', **metric)) -%}
    {%- endfor -%}
    {#- Only hooks and models see all macros of the root project; on-run-start makes every spec first. -#}
    {%- for name, found in (context.get(project_name) or {}).items() if execute and name.startswith('ml_metric__') -%}
        {%- set given = found(spec) -%}
        {%- if given is mapping -%}
            {%- do metrics.append(dict(dict(defaults, key=name, **given), name=name.replace('ml_metric__', '', 1))) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- do return(metrics) -%}
{% endmacro %}

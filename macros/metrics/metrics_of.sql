{#- The entries of metric_catalog whose part and task the monitor has, kept beside the declaration. Arguments: monitor (string), spec. -#}
{% macro metrics_of(monitor, spec) %}
    {%- if 'judged_metrics' not in spec -%}
        {%- set ns = namespace(metrics=[]) -%}
        {%- for metric in ml_monitor.metric_catalog(spec) | rejectattr('missing') -%}
            {%- if not metric.part or ml_monitor.has_part(monitor, metric.part) -%}
                {%- set ns.metrics = ns.metrics + [metric] -%}
            {%- endif -%}
        {%- endfor -%}
        {%- do spec.update({'judged_metrics': ns.metrics}) -%}
    {%- endif -%}
    {%- do return(spec.judged_metrics) -%}
{% endmacro %}

{#- The metrics of policies that say that performance fell: those that compare a measure with its baseline. Returns: list. -#}
{% macro fall_metrics() %}
    {%- set falls = [] -%}
    {%- for task in ['binary', 'multiclass', 'regression'] -%}
        {%- for measure in ml_monitor.performance_measures(task) if measure.judged and measure.category == 'performance'
            and measure.metric ~ '_' ~ measure.judged not in falls + ['label_coverage_ratio'] -%}
            {%- do falls.append(measure.metric ~ '_' ~ measure.judged) -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- do return(falls) -%}
{% endmacro %}

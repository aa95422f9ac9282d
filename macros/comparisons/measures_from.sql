{#-
  The measures of performance that can be made of some columns of <m>__performance alone, such as those that add up over days.
  Arguments: spec, columns (list of names). Returns: list as performance_measures.
-#}
{% macro measures_from(spec, columns) %}
    {%- set ns = namespace(measures=[]) -%}
    {%- for measure in ml_monitor.measures_of(spec) if measure.category == 'performance' -%}
        {%- set sql = [measure.numerator, measure.denominator, measure.estimate, measure.error, measure.sample] | join(' ') -%}
        {%- if not modules.re.findall('p\\.(\\w+)', sql) | reject('in', columns) | list -%}
            {%- set ns.measures = ns.measures + [dict(measure, naive='null')] -%}
        {%- endif -%}
    {%- endfor -%}
    {%- do return(ns.measures) -%}
{% endmacro %}

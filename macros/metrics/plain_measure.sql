{#- A measure with the defaults of performance_measures. Arguments: measure (dict). -#}
{% macro plain_measure(measure) %}
    {%- do return(dict({
        'label': measure.metric.replace('_', ' '), 'unit': 'share of rows', 'bounds_by': 'Wilson' if measure.numerator else 'none',
        'numerator': 'null', 'denominator': 'null', 'estimate': 'null', 'error': 'null', 'sample': measure.denominator,
        'naive': 'null', 'min_sample': 0, 'judged': none, 'rows': none, 'detail': '', 'category': 'performance', 'missing': none,
        'estimated_numerator': 'null', 'estimated_denominator': 'null',
    }, **measure)) -%}
{% endmacro %}

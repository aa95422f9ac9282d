{#-
  What the metrics of a monitor's own (custom_metrics) add up, from which their ratio and its standard error follow.
  Arguments: spec. Returns: dict of column -> [SQL as in outcome_sums, type, description].
-#}
{% macro custom_sums(spec) %}
    {%- set sums = {} -%}
    {%- for metric in spec.metrics or [] if metric.numerator -%}
        {%- set name, of = 'metric_' ~ metric.name, ' of the metric ' ~ metric.name ~ '.' -%}
        {%- do sums.update({
            name ~ '_count': ['count(' ~ name ~ ')', 'bigint', 'Rows' ~ of],
            name ~ '_sum': ['sum(' ~ name ~ ')', 'double', 'Sum of the numerator' ~ of],
            name ~ '_squared_sum': ['sum(' ~ name ~ ' * ' ~ name ~ ')', 'double', 'Sum of the squares of the numerator' ~ of],
        }) -%}
        {%- if metric.denominator -%}
            {%- set below = name ~ '_denominator' -%}
            {%- do sums.update({
                below ~ '_sum': ['sum(' ~ below ~ ')', 'double', 'Sum of the denominator' ~ of],
                below ~ '_squared_sum': ['sum(' ~ below ~ ' * ' ~ below ~ ')', 'double', 'Sum of the squares of the denominator' ~ of],
                name ~ '_product_sum': ['sum(' ~ name ~ ' * ' ~ below ~ ')', 'double', 'Sum of numerator times denominator' ~ of],
            }) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- do return(sums) -%}
{% endmacro %}

{#-
  The monitor's own metrics (custom_metrics) as measures of performance.

  Arguments: spec.
  Returns: list of dicts as performance_measures. A metric with a numerator is the ratio of two sums; its standard error is that of the
    residuals numerator - ratio * denominator (of a mean over rows: of the numerator). An expression has no interval.
  Source: Cochran (1977), Sampling Techniques, chapter 6, for the error of a ratio.
-#}
{% macro custom_measures(spec) %}
    {%- set ns = namespace(measures=[]) -%}
    {%- set values, samples = {}, {} -%}
    {%- for metric in spec.metrics or [] if metric.numerator -%}
        {%- set name = 'p.metric_' ~ metric.name -%}
        {%- set rows, total, squares = name ~ '_count', name ~ '_sum', name ~ '_squared_sum' -%}
        {%- if metric.denominator -%}
            {%- set below = name ~ '_denominator_sum' -%}
            {%- set value = total ~ ' / nullif(' ~ below ~ ', 0)' -%}
            {%- set residuals = '(' ~ squares ~ ' - 2 * ' ~ value ~ ' * ' ~ name ~ '_product_sum + power(' ~ value ~ ', 2) * ' ~ name
                ~ '_denominator_squared_sum) / nullif(' ~ rows ~ ', 0)' -%}
            {%- set per_row = ' / nullif(abs(' ~ below ~ ' / nullif(' ~ rows ~ ', 0)), 0)' -%}
        {%- else -%}
            {%- set value, per_row = ml_monitor.ratio(total, rows), '' -%}
            {%- set residuals = ml_monitor.ratio(squares, rows) ~ ' - power(' ~ value ~ ', 2)' -%}
        {%- endif -%}
        {%- do values.update({metric.name: value}) -%}
        {%- do samples.update({metric.name: rows}) -%}
        {%- set ns.measures = ns.measures + [dict(ml_monitor.custom_measure(metric), bounds_by='normal', estimate=value, sample=rows,
            min_sample=30, judged=metric.compared_by, is_mean=metric.denominator is none,
            error=ml_monitor.error_of_mean('sqrt(' ~ ml_monitor.greatest_of([0, residuals]) ~ ')' ~ per_row, rows))] -%}
    {%- endfor -%}
    {%- for metric in spec.metrics or [] if metric.expression -%}
        {%- set of = namespace(sql=metric.expression | string, samples=[]) -%}
        {%- set names = ml_monitor.names_in_expression(metric.expression) | select('in', values) | list -%}
        {#- In two steps, since a name may occur in the SQL of another. -#}
        {%- for name in names -%}
            {%- set of.sql = modules.re.sub("(?<![\\w.'])" ~ name ~ '(?!\\w|\\s*\\()', '@' ~ loop.index ~ '@', of.sql) -%}
            {%- set of.samples = of.samples + [samples[name]] -%}
        {%- endfor -%}
        {%- for name in names -%}{%- set of.sql = of.sql.replace('@' ~ loop.index ~ '@', '(' ~ values[name] ~ ')') -%}{%- endfor -%}
        {%- set ns.measures = ns.measures + [dict(ml_monitor.custom_measure(metric), estimate=of.sql, is_mean=false,
            sample=ml_monitor.least_of(of.samples) if of.samples | length > 1 else of.samples | first)] -%}
    {%- endfor -%}
    {%- do return(ns.measures) -%}
{% endmacro %}


{#- What every metric of the monitor's own says of itself. Arguments: metric (dict of custom_metrics). Returns: dict as a measure. -#}
{% macro custom_measure(metric) %}
    {%- do return(dict(ml_monitor.plain_measure({'metric': metric.name}), unit=metric.unit, is_better=metric.is_better,
        description=metric.description or 'Metric of the monitor\'s own: ' ~ (metric.numerator or metric.expression)
            ~ (' / ' ~ metric.denominator if metric.denominator else '') ~ '.')) -%}
{% endmacro %}

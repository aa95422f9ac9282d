{#-
  Faults of the metrics that a monitor declares, whose form key_faults has checked: their names, and what they are made of.

  Arguments: metrics (list of dicts of metric_keys), at (dict: file, path, snippet), paths (list: the key of each for messages),
    taken (list of names that other metrics have).
  Returns: list of dicts as in declaration_faults.
-#}
{% macro metric_faults(metrics, at, paths, taken) %}
    {%- set faults, names, added = [], [], [] -%}
    {%- for metric in metrics if metric is mapping and metric.numerator -%}{%- do added.append(metric.name) -%}{%- endfor -%}
    {%- for metric in metrics if metric is mapping -%}
        {%- set fault = {'file': at.file, 'key': paths[loop.index0], 'snippet': at.snippet} -%}
        {%- if metric.name in names or metric.name in taken -%}
            {%- do faults.append(dict(fault, key=fault.key ~ '.name', found=metric.name ~ ', which another metric is named',
                allowed='a name of its own')) -%}
        {%- endif -%}
        {%- do names.append(metric.name) -%}
        {%- if (metric.numerator is string) == (metric.expression is string) -%}
            {%- do faults.append(dict(fault, found='both a numerator and an expression' if metric.numerator else 'no numerator',
                allowed='a numerator, with a denominator if it is no mean over rows; or an expression over metrics that have one')) -%}
        {%- elif metric.expression and metric.denominator -%}
            {%- do faults.append(dict(fault, key=fault.key ~ '.denominator', found='a denominator beside an expression',
                allowed='a denominator beside a numerator; an expression divides by itself: a / nullif(b, 0)')) -%}
        {%- elif metric.expression -%}
            {%- set unknown = ml_monitor.names_in_expression(metric.expression) | reject('in', added) | list -%}
            {%- if unknown -%}
                {%- do faults.append(dict(fault, key=fault.key ~ '.expression', found=unknown | join(', '),
                    allowed='metrics of this monitor that have a numerator: ' ~ (added | join(', ') or 'there are none'))) -%}
            {%- endif -%}
        {%- endif -%}
    {%- endfor -%}
    {%- do return(faults) -%}
{% endmacro %}

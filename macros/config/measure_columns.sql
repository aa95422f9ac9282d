{#-
  Adds to each column what its values say: rows, filled (values that are not NULL), distinct, null_limit (Wilson upper bound of the NULL
  rate); for numbers finite, least, greatest, p001, p250, p750, p999, whole_values, outside_unit; for texts blank, digits (numeric texts),
  times (ISO timestamps). One scan for each 50 columns. Quantiles interpolate between values.
-#}
{% macro measure_columns(sql, columns) %}
    {%- for batch in columns | batch(50) -%}
        {%- set values, expressions = [], ['count(*) as row_count'] -%}
        {%- for c in batch -%}
            {%- do c.update({'statistics': ml_monitor.column_statistics(c, loop.index0, values)}) -%}
            {%- set prefix = ' as c' ~ loop.index0 ~ '_' -%}
            {%- for name, expression in c.statistics.items() -%}{%- do expressions.append(expression ~ prefix ~ name) -%}{%- endfor -%}
        {%- endfor -%}
        {%- set measurable = 'select\n    ' ~ values | join(',\n    ') ~ '\nfrom (\n    ' ~ sql | indent(4) ~ '\n) as raw' -%}
        {%- set row = ml_monitor.first_row(expressions, measurable) -%}
        {%- for c in batch -%}
            {%- set i = loop.index0 -%}
            {%- do c.update({'rows': row['row_count'] | int}) -%}
            {%- for name in c.pop('statistics') -%}
                {%- set value = row['c' ~ i ~ '_' ~ name] -%}
                {%- set is_count = name not in ['null_limit', 'least', 'greatest', 'p001', 'p250', 'p750', 'p999'] -%}
                {%- do c.update({name: none if value is none else value | int if is_count else value | float}) -%}
            {%- endfor -%}
        {%- endfor -%}
    {%- endfor -%}
{% endmacro %}


{#-
  What is measured of a column. Arguments: c (dict of suggestion_columns), i (its number), values (list of strings, which is extended by the
  values to measure: `v<i>`, and of a number `r<i>`, which keeps NaN and infinities). Returns: dict of name -> SQL.
-#}
{% macro column_statistics(c, i, values) %}
    {%- set v = 'v' ~ i -%}
    {%- set raw = v -%}
    {%- if c.type_class == 'numeric' -%}
        {%- set raw, number = 'r' ~ i, ml_monitor.float64(c.sql) -%}
        {%- set is_finite = 'not (' ~ ml_monitor.is_nan(number) ~ ') and not (' ~ ml_monitor.is_infinite(number) ~ ')' -%}
        {%- do values.extend(['case when ' ~ is_finite ~ ' then ' ~ number ~ ' end as ' ~ v, c.sql ~ ' as ' ~ raw]) -%}
    {%- else -%}
        {%- set value = 'cast(' ~ c.sql ~ ' as ' ~ ml_monitor.text_type() ~ ')' if c.type_class == 'text' else c.sql -%}
        {%- do values.append(value ~ ' as ' ~ v) -%}
    {%- endif -%}
    {%- set statistics = {
        'filled': 'count(' ~ raw ~ ')',
        'null_limit': ml_monitor.wilson('(count(*) - count(' ~ raw ~ '))', 'count(*)', 'high'),
    } -%}
    {%- if c.type_class != 'other' -%}{%- do statistics.update({'distinct': 'count(distinct ' ~ raw ~ ')'}) -%}{%- endif -%}
    {%- set counted = {} -%}
    {%- if c.type_class == 'numeric' -%}
        {%- do statistics.update({'finite': 'count(' ~ v ~ ')', 'least': 'min(' ~ v ~ ')', 'greatest': 'max(' ~ v ~ ')'}) -%}
        {%- for name, share in {'p001': '0.001', 'p250': '0.25', 'p750': '0.75', 'p999': '0.999'}.items() -%}
            {%- do statistics.update({name: ml_monitor.quantile(share, v, between=true)}) -%}
        {%- endfor -%}
        {%- do counted.update({'whole_values': v ~ ' = floor(' ~ v ~ ')', 'outside_unit': ml_monitor.is_outside(v, 0, 1)}) -%}
    {%- elif c.type_class == 'text' -%}
        {%- do counted.update({'blank': ml_monitor.is_empty_text(v), 'digits': ml_monitor.is_numeric_text(v),
            'times': ml_monitor.matches(v, '^[0-9]{4}-[0-9]{2}-[0-9]{2}([ T][0-9]{2}:[0-9]{2}.*)?$')}) -%}
    {%- endif -%}
    {%- for name, condition in counted.items() -%}
        {%- do statistics.update({name: 'sum(case when ' ~ condition ~ ' then 1 else 0 end)'}) -%}
    {%- endfor -%}
    {%- do return(statistics) -%}
{% endmacro %}

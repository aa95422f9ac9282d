{#-
  What the class scores of a multiclass prediction say, as SQL over the columns class_score_1, class_score_2, ... , prediction and label.

  Arguments: spec (with class_scores).
  Returns: dict of
    are_valid     a condition: each lies within 0 to 1, and they add up to 1 within 0.01
    probability   of the class of the label; NULL where they are not valid, or the class of the label has none
    confidence    the same of the predicted class
    rank          1 and how many classes have a higher score than that of the label (column class_probability)
    cells         list: of each class score the cell of p / (1 - p) - (1 - p) / p, which spreads scores near 0 and near 1
-#}
{% macro class_score_values(spec) %}
    {%- set ns = namespace(columns=[], valid=[], whens=[], above=[], cells=[]) -%}
    {%- for class, column in spec.class_scores -%}
        {%- set name = 'class_score_' ~ loop.index -%}
        {%- set score = ml_monitor.greatest_of([ml_monitor.least_of([name, ml_monitor.float64('0.999999999999999')]),
            ml_monitor.float64('1e-15')]) -%}
        {%- set odds = '(' ~ score ~ ' / (1 - ' ~ score ~ ') - (1 - ' ~ score ~ ') / ' ~ score ~ ')' -%}
        {%- set ns.columns = ns.columns + [name] -%}
        {%- set ns.valid = ns.valid + [name ~ ' between 0 and 1'] -%}
        {%- set ns.whens = ns.whens + ['when ' ~ ml_monitor.string_literal(class) ~ ' then ' ~ name] -%}
        {%- set ns.above = ns.above + ['case when ' ~ name ~ ' > class_probability then 1 else 0 end'] -%}
        {%- set ns.cells = ns.cells + [ml_monitor.numeric_cell(odds, 2048) | trim] -%}
    {%- endfor -%}
    {%- set are_valid = ns.valid | join(' and ') ~ ' and ' ~ ns.columns | join(' + ') ~ ' between 0.99 and 1.01' -%}
    {%- set head = 'case when ' ~ are_valid ~ ' then case {} ' ~ ns.whens | join(' ') ~ ' end end' -%}
    {%- do return({
        'are_valid': are_valid, 'probability': head.format('label'), 'confidence': head.format('prediction'),
        'rank': 'case when class_probability is not null then 1 + ' ~ ns.above | join(' + ') ~ ' end', 'cells': ns.cells,
    }) -%}
{% endmacro %}

{#-
  Columns of <m>__performance that follow from its sums; the labels of a regression are standardised by the grid (alias `grid`).
  Arguments: spec. Returns: dict of column -> SQL.
-#}
{% macro performance_values(spec) %}
    {%- if spec.task == 'regression' -%}
        {%- set mean_z = ml_monitor.ratio('joined.label_z_sum', 'joined.error_count') -%}
        {%- set mean_square = ml_monitor.ratio('joined.label_z_squared_sum', 'joined.error_count') -%}
        {%- do return({
            'mae': ml_monitor.ratio('joined.absolute_error_sum', 'joined.error_count'),
            'rmse': 'sqrt(' ~ ml_monitor.ratio('joined.squared_error_sum', 'joined.error_count') ~ ')',
            'bias': ml_monitor.ratio('-joined.error_sum', 'joined.error_count'),
            'label_mean': 'grid.center + grid.scale * ' ~ mean_z,
            'label_sd': 'grid.scale * sqrt(' ~ ml_monitor.greatest_of([0, mean_square ~ ' - power(' ~ mean_z ~ ', 2)']) ~ ')',
        }) -%}
    {%- endif -%}
    {%- set values = {'accuracy': ml_monitor.ratio('joined.correct_rows', 'joined.labelled_rows')} -%}
    {%- if spec.task == 'binary' -%}
        {%- do values.update({
            'precision_score': ml_monitor.ratio('joined.true_positive_rows', 'joined.predicted_positive_rows'),
            'recall': ml_monitor.ratio('joined.true_positive_rows', 'joined.positive_rows'),
            'f1': ml_monitor.ratio('2 * joined.true_positive_rows', '(joined.predicted_positive_rows + joined.positive_rows)'),
        }) -%}
    {%- endif -%}
    {%- do return(values) -%}
{% endmacro %}

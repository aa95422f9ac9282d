{#-
  What <m>__performance adds up of the rows of <m>__hourly_outcomes (alias `r`), each with its row of calibration (`c`).
  Arguments: spec. Returns: dict of column -> SQL, an aggregate; predicted_rows and labelled_rows come first. Labels by their own time are
  not in that rollup: label_rows and what belongs to it are NULL here.
-#}
{% macro performance_sums(spec) %}
    {%- set sums = {'predicted_rows': 'sum(r.row_count)', 'labelled_rows': 'sum(r.labelled_count)'} -%}
    {%- set delayed =
        "sum(case when r.segment_name = '__all__' then case when r.label_delay_hours {} then r.labelled_count else 0 end end)" -%}
    {%- do sums.update({
        'early_label_rows': delayed.format('= -1'), 'timed_rows': delayed.format('> 0'),
        'label_rows': 'null', 'orphan_label_rows': 'null', 'conflicting_label_rows': 'null',
    }) -%}
    {%- for hours in ml_monitor.label_delays(spec) -%}
        {%- do sums.update({'known_' ~ hours ~ '_rows': delayed.format('between 1 and ' ~ hours)}) -%}
    {%- endfor -%}
    {%- if spec.task != 'regression' -%}
        {%- do sums.update({'correct_rows': 'sum(case when r.prediction = r.label then r.labelled_count else 0 end)'}) -%}
    {%- endif -%}
    {%- if spec.task == 'binary' -%}
        {%- do sums.update({
            'true_positive_rows': "sum(case when r.prediction = '1' and r.label = '1' then r.labelled_count else 0 end)",
            'predicted_positive_rows': "sum(case when r.prediction = '1' then r.labelled_count else 0 end)",
            'selected_rows': "sum(case when r.prediction = '1' then r.row_count else 0 end)",
            'positive_rows': "sum(case when r.label = '1' then r.labelled_count else 0 end)",
        }) -%}
    {%- endif -%}
    {%- if spec.task == 'binary' and ml_monitor.role_column(spec.inferences, 'score') -%}
        {%- do sums.update({
            'estimated_rows': 'sum(case when c.positive_rate is not null then r.row_count end)',
            'estimated_positive_rows': 'sum(r.row_count * c.positive_rate)',
            'estimated_predicted_positive_rows':
                "sum(case when c.positive_rate is not null then case r.prediction when '1' then r.row_count else 0 end end)",
            'estimated_true_positive_rows': "sum(case r.prediction when '1' then r.row_count else 0 end * c.positive_rate)",
        }) -%}
    {%- endif -%}
    {%- if spec.task == 'multiclass' and ml_monitor.has_estimates(spec) -%}
        {%- do sums.update({
            'estimated_rows': 'sum(case when c.positive_rate is not null then r.row_count end)',
            'estimated_correct_rows': 'sum(r.row_count * c.positive_rate)',
        }) -%}
    {%- endif -%}
    {%- for name in ml_monitor.outcome_sums(spec) -%}
        {%- do sums.update({name: ml_monitor.outcome_total(name, 'r')}) -%}
    {%- endfor -%}
    {%- do return(sums) -%}
{% endmacro %}

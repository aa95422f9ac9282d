{#- The columns of ml_policies: lists of name, type and description. -#}
{% macro ml_policies_columns() %}
    {%- do return([
        ['monitor', 'string', 'Name of the monitor.'],
        ['policy_id', 'string', 'Row of ml_policy_rules.'],
        ['metric', 'string', 'Name of the metric, as in docs/metrics.md of ml_monitor.'],
        ['window_grain', 'string', 'hour, day, 7_days, 28_days, month or baseline.'],
        ['baseline', 'string',
            'What the window is compared with: serving, training, trailing (the 28 days before), seasonal (the same hour of earlier '
            'weeks), or none.'],
        ['segment_name', 'string', 'Segment it judges; `__all__` for totals.'],
        ['subject', 'string', 'Column, join or dataset it judges; `*` for each without a row of its own.'],
        ['warn_below', 'double', 'Warn below this, in the unit of the metric; NULL for no limit.'],
        ['fail_below', 'double', 'Fail below this, in the unit of the metric; NULL for no limit.'],
        ['warn_above', 'double', 'Warn above this, in the unit of the metric; NULL for no limit.'],
        ['fail_above', 'double', 'Fail above this, in the unit of the metric; NULL for no limit.'],
        ['min_sample', 'int', 'Rows needed for a verdict.'],
        ['comment', 'string', 'Why, for people.'],
    ]) -%}
{% endmacro %}

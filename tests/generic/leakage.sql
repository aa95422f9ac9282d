{#-
  Fails when features know the future: a feature time after the prediction time, or a feature that alone predicts the label of a
  training set.
  Arguments, the first or the second group or both:
    time_column (prediction time), feature_times (list of columns)
    label, columns (list of features), categorical (list: those of columns that are categories), label_kind (`binary`, the default, or
      `numeric`)
    warn, fail: dicts of late_feature_rate (needs feature_times), label_association (needs label; both upper limits, 0 to 1);
    min_rows (default 100: rows with both times, or with label and value), group_by (list of columns).
  Rows: status, metric, value, threshold, message: one per column and limit that is passed, and one warning (label_like_name) per feature
    whose name is or contains that of the label.
-#}
{% test leakage(
    model, time_column=none, feature_times=none, label=none, columns=none, categorical=none, label_kind='binary', warn=none, fail=none,
    min_rows=100, group_by=none
) %}
{%- set group_by = ml_monitor.groups_apart(group_by) -%}
{%- set about = ml_monitor.test_subject(model, time_column or label) -%}
{%- set ns = namespace(limits=[], faults=[], measured={}, parts=[], alike=[]) -%}
{%- if time_column and feature_times -%}
    {%- set ns.limits = ns.limits + [['late_feature_rate', 'above', '{late_rows} of {row_count} rows are after ' ~ time_column]] -%}
{%- endif -%}
{%- if label and columns -%}
    {%- set ns.limits = ns.limits + [['label_association', 'above', 'n {row_count}, {value_count} values, {label_count} of the label']] -%}
{%- endif -%}
{%- if ns.limits -%}
    {%- set ns.faults = ml_monitor.limit_faults(warn, fail, ns.limits | map('first') | list) -%}
{%- else -%}
    {%- set ns.faults = ['neither time_column and feature_times nor label and columns are given'] -%}
{%- endif -%}
{%- for column in categorical or [] if column not in (columns or []) -%}
    {%- set ns.faults = ns.faults + ['categorical has ' ~ column ~ ', which is not one of columns'] -%}
{%- endfor -%}
{%- set example = '{time_column: scored_at, feature_times: [loaded_at], fail: {late_feature_rate: 0}}' -%}
{%- do ml_monitor.raise_argument_faults('leakage', about, ns.faults, example) -%}
{%- for limit in ns.limits if limit[0] in (warn or {}) or limit[0] in (fail or {}) -%}
    {%- set ns.parts = ns.parts + [{'from': limit[0] ~ 's', 'limits': [limit]}] -%}
    {%- if limit[0] == 'late_feature_rate' -%}
        {%- do ns.measured.update({'late_feature_rates': ml_monitor.leakage(model, time_column, feature_times, group_by)}) -%}
    {%- else -%}
        {%- set associations = ml_monitor.label_association(model, label, columns, categorical, label_kind, group_by) -%}
        {%- do ns.measured.update({'label_associations': associations}) -%}
    {%- endif -%}
{%- endfor -%}
{%- for column in columns or [] if label and ml_monitor.is_label_like_name(column, label) -%}
    {%- set message = ml_monitor.string_literal(about ~ ': feature ' ~ column ~ ' is named like the label ' ~ label) -%}
    {%- set ns.alike = ns.alike + [ml_monitor.finding('warn', 'label_like_name', message)] -%}
{%- endfor -%}
{{ ml_monitor.limits_test(
    'leakage', about, ns.measured, limits=ns.limits, parts=ns.parts, more_findings=ns.alike,
    warn=warn, fail=fail, min_rows=min_rows, group_by=group_by + ['feature']
) }}
{% endtest %}

{#-
  Fails when features know the future: a feature time after the prediction time, or a feature that alone tells the label of a training set.
  Arguments: time_column (prediction time) with feature_times (list of columns); and label with columns (list of features), categorical (list: those
    of columns that are categories), label_kind (`binary`, the default, or `numeric`); either or both.
    warn, fail: dicts of late_feature_rate (needs feature_times), label_association (needs label; both upper limits, 0 to 1);
    min_rows (default 100: rows with both times, or with label and value), group_by (list of columns).
  Rows: status, metric, value, threshold, message: one per column and limit that is passed, and one warning (label_like_name) per feature
    whose name is or contains that of the label.
-#}
{% test leakage(model, time_column=none, feature_times=none, label=none, columns=none, categorical=none, label_kind='binary', warn=none, fail=none, min_rows=100, group_by=none) %}
{{- ml_monitor.configure_limits_test() -}}
{%- set text = ml_monitor.text_type() -%}
{%- set about = ml_monitor.test_subject(model, time_column or label) -%}
{%- set ns = namespace(faults=[], names=[], alike=[]) -%}
{%- if time_column and feature_times -%}{%- set ns.names = ns.names + ['late_feature_rate'] -%}{%- endif -%}
{%- if label and columns -%}{%- set ns.names = ns.names + ['label_association'] -%}{%- endif -%}
{%- if not ns.names -%}
    {%- set ns.faults = ['neither time_column and feature_times nor label and columns are given'] -%}
{%- else -%}
    {%- set ns.faults = ml_monitor.limit_faults(warn, fail, ns.names) -%}
{%- endif -%}
{%- for column in categorical or [] if column not in (columns or []) -%}
    {%- set ns.faults = ns.faults + ['categorical has ' ~ column ~ ', which is not one of columns'] -%}
{%- endfor -%}
{%- do ml_monitor.raise_argument_faults('leakage', about, ns.faults, '{time_column: scored_at, feature_times: [loaded_at], fail: {late_feature_rate: 0}}') -%}
{%- set parts = namespace(judged=[]) -%}
{%- for name in ns.names if name in (warn or {}) or name in (fail or {}) -%}{%- set parts.judged = parts.judged + [name] -%}{%- endfor -%}
{%- for column in columns or [] if label and ml_monitor.is_label_like_name(column, label) -%}{%- set ns.alike = ns.alike + [column] -%}{%- endfor -%}
with

{% if 'late_feature_rate' in parts.judged -%}
late_features as (

    {{ ml_monitor.leakage(model, time_column, feature_times, group_by) | indent(4) }}

),

{% endif -%}
{% if 'label_association' in parts.judged -%}
associations as (

    {{ ml_monitor.label_association(model, label, columns, categorical, label_kind, group_by) | indent(4) }}

),

{% endif -%}
final as (
    {% for name in parts.judged %}
    {{ ml_monitor.judge_limits(
        values='late_features' if name == 'late_feature_rate' else 'associations', test='leakage', about=about, limits=[[name, 'above']],
        warn=ml_monitor.limits_among(warn, [name]), fail=ml_monitor.limits_among(fail, [name]), rows='row_count', min_rows=min_rows, group_by=ml_monitor.group_columns(group_by) + ['feature'],
        detail=("' (' || cast(late_rows as " ~ text ~ ") || ' of ' || cast(row_count as " ~ text ~ ") || ' rows are after " ~ (time_column | string).replace("'", "''") ~ ")'") if name == 'late_feature_rate'
            else ("' (n ' || cast(row_count as " ~ text ~ ") || ', ' || cast(value_count as " ~ text ~ ") || ' values, ' || cast(label_count as " ~ text ~ ") || ' of the label)'")
    ) }}
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
    {%- for column in ns.alike if not ml_monitor.is_empty_run() %}
    union all
    select
        'warn' as status,
        'label_like_name' as metric,
        {{ ml_monitor.float64('null') }} as value,
        {{ ml_monitor.float64('null') }} as threshold,
        {{ ml_monitor.string_literal(about ~ ': feature ' ~ column ~ ' is named like the label ' ~ label) }} as message
    {%- endfor %}

)

select * from final
{% endtest %}

{#-
  Fails when values differ from those of the same entity and time in another table: training-serving skew.
  Arguments: to (relation), keys (dict of this table's column -> the other's), columns (list, or dict of this table's column -> the
    other's), categorical (list: those of columns that are texts), warn, fail: dicts of joined_rate, match_rate (lower limits),
    null_difference, vocabulary_difference (texts), difference_p95, difference_max (numbers; upper limits); min_rows (default 1: joined rows
    with a value), group_by (list of columns).
  Rows: status, metric, value, threshold, message: one per column and limit that is passed.
-#}
{% test parity(model, to, keys, columns, categorical=none, warn=none, fail=none, min_rows=1, group_by=none) %}
{%- set group_by = ml_monitor.groups_apart(group_by) -%}
{%- set example = "{to: ref('offline'), keys: {customer_id: id, scored_at: as_of}, columns: [amount], fail: {match_rate: 0.99}}" -%}
{%- set ns = namespace(faults=ml_monitor.dict_faults('keys', keys, '{customer_id: id}'), parts=[], limits=[]) -%}
{%- if columns is string or columns is not iterable -%}
    {%- set ns.faults = ns.faults + ['columns is ' ~ columns ~ '. Allowed: a list, or a dict of columns'] -%}
{%- endif -%}
{%- do ml_monitor.raise_argument_faults('parity', ml_monitor.test_subject(model), ns.faults, example) -%}
{%- set about = ml_monitor.test_subject(model, keys.keys() | join(', ')) -%}
{%- set pairs = columns if columns is mapping else dict(zip(columns, columns)) -%}
{%- set categorical = categorical or [] -%}
{%- set groups = ml_monitor.group_names(group_by) -%}
{#- What has a limit once, and for each column that is a number or a category. #}
{%- set joined = [['joined_rate', 'below']] -%}
{%- set both = [['match_rate', 'below'], ['null_difference', 'above']] -%}
{%- set numbers = both + [['difference_p95', 'above'], ['difference_max', 'above']] -%}
{%- set categories = both + [['vocabulary_difference', 'above']] -%}
{%- set by_column = {'rows': 'valued_rows', 'group_by': group_by + ['column_name']} -%}
{%- set joins = 'select distinct ' ~ (groups + ['row_count', 'joined_rows', 'joined_rate']) | join(', ') ~ ' from measured' -%}
{%- set ns.parts = [{'from': '(' ~ joins ~ ') as joins', 'limits': joined}] -%}
{%- if pairs | length > categorical | length -%}
    {%- set ns.parts = ns.parts + [dict(by_column, from='(select * from measured where not is_category) as numbers', limits=numbers)] -%}
{%- endif -%}
{%- if categorical -%}
    {%- set ns.parts = ns.parts + [dict(by_column, from='(select * from measured where is_category) as categories', limits=categories)] -%}
{%- endif -%}
{%- set names = ns.parts | map(attribute='limits') | sum(start=[]) | map('first') | unique | list -%}
{%- set ns.faults = [] if pairs else ['columns is empty'] -%}
{%- for column in categorical if column not in pairs -%}
    {%- set ns.faults = ns.faults + ['categorical has ' ~ column ~ ', which is not one of columns'] -%}
{%- endfor -%}
{%- do ml_monitor.raise_argument_faults('parity', about, ns.faults + ml_monitor.limit_faults(warn, fail, names), example) -%}
{{ ml_monitor.limits_test(
    'parity', about, ml_monitor.parity(model, to, keys, pairs, categorical, group_by), limits=[], parts=ns.parts,
    detail='{joined_rows} of {row_count} rows joined', warn=warn, fail=fail, min_rows=min_rows, group_by=group_by
) }}
{% endtest %}

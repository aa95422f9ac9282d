{#-
  Fails when values differ from those of the same entity and time in another table: training-serving skew.
  Arguments: to (relation), keys (dict of this table's column -> the other's), columns (list, or dict of this table's column -> the other's),
    categorical (list: those of columns that are texts), warn, fail: dicts of joined_rate, match_rate (lower limits), null_difference,
    vocabulary_difference (texts), difference_p95, difference_max (numbers; upper limits); min_rows (default 1: joined rows with a value),
    group_by (list of columns).
  Rows: status, metric, value, threshold, message: one per column and limit that is passed.
-#}
{% test parity(model, to, keys, columns, categorical=none, warn=none, fail=none, min_rows=1, group_by=none) %}
{{- ml_monitor.configure_limits_test() -}}
{%- set text = ml_monitor.text_type() -%}
{%- set example = "{to: ref('offline'), keys: {customer_id: id, scored_at: as_of}, columns: [amount], fail: {match_rate: 0.99}}" -%}
{%- set form_faults = ml_monitor.dict_faults('keys', keys, '{customer_id: id}')
    + (['columns is ' ~ columns ~ '. Allowed: a list, or a dict of columns'] if columns is string or columns is not iterable else []) -%}
{%- do ml_monitor.raise_argument_faults('parity', ml_monitor.test_subject(model), form_faults, example) -%}
{%- set about = ml_monitor.test_subject(model, keys.keys() | join(', ')) -%}
{%- set pairs = {} -%}
{%- if columns is mapping -%}
    {%- do pairs.update(columns) -%}
{%- else -%}
    {%- for column in columns -%}{%- do pairs.update({column: column}) -%}{%- endfor -%}
{%- endif -%}
{%- set categorical = categorical or [] -%}
{%- set of_numbers = ['match_rate', 'null_difference', 'difference_p95', 'difference_max'] -%}
{%- set of_categories = ['match_rate', 'null_difference', 'vocabulary_difference'] -%}
{%- set sides = {
    'joined_rate': 'below', 'match_rate': 'below',
    'null_difference': 'above', 'vocabulary_difference': 'above', 'difference_p95': 'above', 'difference_max': 'above',
} -%}
{%- set has_numbers = pairs | length > categorical | length -%}
{%- set ns = namespace(names=['joined_rate'], parts=[['joins', ['joined_rate'], 'row_count', []]], faults=[]) -%}
{%- if has_numbers -%}
    {%- set ns.names = ns.names + of_numbers -%}
    {%- set ns.parts = ns.parts + [['numbers', of_numbers, 'valued_rows', ['column_name']]] -%}
{%- endif -%}
{%- if categorical -%}
    {%- set ns.names = ns.names + ((of_categories | reject('in', of_numbers) | list) if has_numbers else of_categories) -%}
    {%- set ns.parts = ns.parts + [['categories', of_categories, 'valued_rows', ['column_name']]] -%}
{%- endif -%}
{%- if not pairs -%}{%- set ns.faults = ns.faults + ['columns is empty'] -%}{%- endif -%}
{%- for column in categorical if column not in pairs -%}
    {%- set ns.faults = ns.faults + ['categorical has ' ~ column ~ ', which is not one of columns'] -%}
{%- endfor -%}
{%- do ml_monitor.raise_argument_faults('parity', about, ns.faults + ml_monitor.limit_faults(warn, fail, ns.names), example) -%}
{%- set judged = namespace(parts=[]) -%}
{%- for part in ns.parts if ml_monitor.limits_among(warn, part[1]) or ml_monitor.limits_among(fail, part[1]) -%}{%- set judged.parts = judged.parts + [part] -%}{%- endfor -%}
with

measured as (

    {{ ml_monitor.parity(model, to, keys, pairs, categorical, group_by) | indent(4) }}

),

{% for part in judged.parts -%}
{{ part[0] }} as (
    {% if part[0] == 'joins' %}
    select distinct {{ ml_monitor.group_columns(group_by) | join(', ') ~ ', ' if group_by }}row_count, joined_rows, joined_rate from measured
    {%- else %}
    select * from measured where {{ 'not ' if part[0] == 'numbers' }}is_category
    {%- endif %}

),

{% endfor -%}
final as (
    {% for values, names, rows, keys_of_part in judged.parts %}
    {%- set limits = namespace(listed=[]) -%}
    {%- for name in names -%}{%- set limits.listed = limits.listed + [[name, sides[name]]] -%}{%- endfor %}
    {{ ml_monitor.judge_limits(
        values=values, test='parity', about=about, limits=limits.listed,
        warn=ml_monitor.limits_among(warn, names), fail=ml_monitor.limits_among(fail, names), rows=rows, min_rows=min_rows, group_by=ml_monitor.group_columns(group_by) + keys_of_part,
        detail="' (' || cast(joined_rows as " ~ text ~ ") || ' of ' || cast(row_count as " ~ text ~ ") || ' rows joined)'"
    ) }}
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}

)

select * from final
{% endtest %}

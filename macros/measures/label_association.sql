{#-
  How well each feature alone predicts the label of a training set, between 0 (not at all) and 1 (completely), exact on raw rows; needs no
  pipeline. It uses ranks only, so that neither scale nor outliers matter.

  Arguments: relation (relation or `(select ...)`), label (SQL name), columns (list of SQL names: features), categorical (list: those of
    columns that are categories; the others are numbers), label_kind (`binary`: two values of any type, or `numeric`), group_by (list of SQL
    names).
  Returns: a select of one row per feature, and per group; none if there are no rows:
    feature             the name of the column
    row_count           rows with a label and a value; for categories NULL is a value, for numbers NULL, NaN and infinity are left out
    value_count         distinct values of the feature
    label_count         distinct values of the label
    label_association   NULL for a constant feature or label, a binary label with more than two values, and categories without repeats:
      number, binary label    |2 AUC - 1|, where AUC = (mean rank of the positive rows - (positive rows + 1) / 2) / negative rows
      number, numeric label   |Spearman's rank correlation|
      category                sqrt(max(0, e)), e = 1 - (n - 1) / (n - k) * (1 - SSB / SST): the correlation ratio of the label by k
                              categories, without what k categories reach by chance; the label is 0 and 1, or its rank. For a binary
                              label it is Cramer's V with this correction.
    Ties have their mean rank.
  Raises: an unknown label_kind.
  Source: Mann and Whitney (1947), AUC = U / (n1 n0); Spearman (1904); Kelley (1935), epsilon squared.
-#}
{% macro label_association(relation, label, columns, categorical=none, label_kind='binary', group_by=none) %}
    {%- if label_kind not in ['binary', 'numeric'] -%}
        {%- do exceptions.raise_compiler_error(
            "ml_monitor.label_association: label_kind is '" ~ label_kind ~ "'; allowed: binary, numeric. Write label_kind: binary"
        ) -%}
    {%- endif -%}
    {%- set is_binary = label_kind == 'binary' -%}
    {%- set categorical = categorical or [] -%}
    {%- set text = ml_monitor.text_type() -%}
    {%- set groups = ml_monitor.groups(group_by, or_one=true) -%}
    {%- set of_feature = 'partition by ' ~ groups.columns ~ 'feature' -%}
with

labelled_rows as (

    select
        {{ groups.inputs }}{{ 'cast(' ~ label ~ ' as ' ~ text ~ ')' if is_binary else ml_monitor.float64(label) }} as label_value
        {%- for column in columns %},
        {{ 'cast(' ~ column ~ ' as ' ~ text ~ ')' if column in categorical else ml_monitor.float64(column) }} as feature_{{ loop.index }}
        {%- endfor %}
    from {{ ml_monitor.aliased(relation, 'all_rows') }}

),

feature_rows as (
    {%- for column in columns %}
    {{- '\n    union all' if not loop.first }}
    select
        {{ groups.columns }}{{ ml_monitor.string_literal(column) }} as feature,
        label_value,
        {%- if column in categorical %}
        1 = 1 as is_category,
        {#- A text that reads NULL is not the NULL. #}
        coalesce('=' || feature_{{ loop.index }}, 'NULL') as category,
        {{ ml_monitor.float64('null') }} as number_value
        {%- else %}
        1 = 0 as is_category,
        cast(null as {{ text }}) as category,
        feature_{{ loop.index }} as number_value
        {%- endif %}
    from labelled_rows
    {%- endfor %}

),

ranked as (

    select
        feature_rows.*,
        rank() over ({{ of_feature }} order by number_value) + (count(*) over ({{ of_feature }}, number_value) - 1) / 2.0 as value_rank,
        dense_rank() over ({{ of_feature }} order by label_value) as label_number,
        {%- if is_binary %}
        case when label_value = max(label_value) over ({{ of_feature }}) then 1 else 0 end as label_rank
        {%- else %}
        rank() over ({{ of_feature }} order by label_value) + (count(*) over ({{ of_feature }}, label_value) - 1) / 2.0 as label_rank
        {%- endif %}
    from feature_rows
    where
        (is_category or number_value between -1e100 and 1e100)
        and {{ 'label_value is not null' if is_binary else 'label_value between -1e100 and 1e100' }}

),

centred as (

    select
        ranked.*,
        {{ ml_monitor.float64('value_rank') }} - avg({{ ml_monitor.float64('value_rank') }}) over ({{ of_feature }}) as x,
        {{ ml_monitor.float64('label_rank') }} - avg({{ ml_monitor.float64('label_rank') }}) over ({{ of_feature }}) as y
    from ranked

),

-- Every category, and all numbers of a feature as one.
category_sums as (

    select
        {{ groups.columns }}feature,
        is_category,
        {{ ml_monitor.float64('count(*)') }} as n,
        sum(y) * sum(y) / count(*) as between_squares,
        sum(x * x) as x_squares,
        sum(y * y) as y_squares,
        sum(x * y) as products,
        sum(case when label_rank = 1 then x end) as positive_x,
        {{ ml_monitor.float64('sum(case when label_rank = 1 then 1 else 0 end)') }} as positives,
        count(distinct number_value) as number_count,
        max(label_number) as label_count
    from centred
    {{- groups.by }}, feature, is_category, category

),

feature_sums as (

    select
        {{ groups.columns }}feature,
        is_category,
        sum(n) as n,
        case when is_category then count(*) else max(number_count) end as value_count,
        sum(between_squares) as between_squares,
        sum(x_squares) as x_squares,
        sum(y_squares) as y_squares,
        sum(products) as products,
        sum(positive_x) as positive_x,
        sum(positives) as positives,
        max(label_count) as label_count
    from category_sums
    {{- groups.by }}, feature, is_category

),

-- A feature without any usable row must not disappear.
all_features as (

    select distinct {{ groups.columns }}feature from feature_rows

),

{% set epsilon_squared = '1 - (s.n - 1) / (s.n - s.value_count) * (1 - s.between_squares / s.y_squares)' -%}
{% set association -%}
case
            when s.value_count < 2 or s.label_count < 2{{ ' or s.label_count > 2' if is_binary }} then null
            when s.is_category and s.value_count >= s.n then null
            when s.is_category then {{ ml_monitor.least_of([1, 'sqrt(' ~ ml_monitor.greatest_of([0, epsilon_squared]) ~ ')']) }}
            {%- if is_binary %}
            -- Of centred ranks: AUC = mean of the positives / n0 + 1/2.
            else {{ ml_monitor.least_of([1, 'abs(2 * s.positive_x / s.positives / (s.n - s.positives))']) }}
            {%- else %}
            else {{ ml_monitor.least_of([1, 'abs(s.products) / sqrt(s.x_squares * s.y_squares)']) }}
            {%- endif %}
        end
{%- endset -%}
{{ ml_monitor.final_measures(
    'all_features as f\n    left join feature_sums as s on f.feature = s.feature and ' ~ ml_monitor.same_group('f', 's', groups.names),
    group_by,
    [
        ['feature', 'cast(f.feature as ' ~ text ~ ')'], ['row_count', 'cast(coalesce(s.n, 0) as bigint)'],
        ['value_count', 'coalesce(s.value_count, 0)'], ['label_count', 'coalesce(s.label_count, 0)'], ['label_association', association],
    ],
    alias='f'
) }}
{%- endmacro %}

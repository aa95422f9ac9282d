{#-
  Share of rows where a feature was known only after the prediction, exact on raw rows; needs no pipeline.

  Arguments: relation (relation or `(select ...)`), time_column (SQL name: prediction time), feature_times (list of SQL names: when each feature
    was known), group_by (list of SQL names).
  Returns: a select of one row per feature time, and per group; none if there are no rows:
    feature                the name of the column
    row_count              rows with both times
    late_rows, late_feature_rate   rows where the feature time is after the prediction time, and their share of row_count
-#}
{% macro leakage(relation, time_column, feature_times, group_by=none) %}
    {%- set keys = ml_monitor.group_keys(group_by) | join(', ') -%}
with

feature_rows as (
    {% for feature in feature_times %}
    select {{ ml_monitor.group_inputs(group_by) }}, {{ ml_monitor.string_literal(feature) }} as feature, {{ time_column }} as prediction_time, {{ feature }} as feature_time
    from {{ ml_monitor.aliased(relation, 'all_rows') }}
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}

),

counts as (

    select
        {{ keys }},
        feature,
        sum(case when prediction_time is not null and feature_time is not null then 1 else 0 end) as row_count,
        sum(case when feature_time > prediction_time then 1 else 0 end) as late_rows
    from feature_rows
    group by {{ keys }}, feature

),

final as (

    select
        {{ ml_monitor.group_outputs(group_by, 'counts') }}cast(feature as {{ ml_monitor.text_type() }}) as feature,
        row_count,
        late_rows,
        {{ ml_monitor.ratio('late_rows', 'row_count') }} as late_feature_rate
    from counts

)

select * from final
{%- endmacro %}


{#-
  How well each feature alone tells the label of a training set, between 0 (nothing) and 1 (all of it), exact on raw rows; needs no
  pipeline. Ranks only, so that neither scale nor outliers matter.

  Arguments: relation (relation or `(select ...)`), label (SQL name), columns (list of SQL names: features), categorical (list: those of columns that
    are categories; the others are numbers), label_kind (`binary`: two values of any type, or `numeric`), group_by (list of SQL names).
  Returns: a select of one row per feature, and per group; none if there are no rows:
    feature             the name of the column
    row_count           rows with a label and a value; for categories NULL is a value, for numbers NULL, NaN and infinite values are left out
    value_count         distinct values of the feature
    label_count         distinct values of the label
    label_association   NULL for a constant feature or label, for a binary label with more than two values, and for categories without repeats:
      number, binary label    |2 AUC - 1|, where AUC = (mean rank of the positive rows - (positive rows + 1) / 2) / negative rows
      number, numeric label   |Spearman's rank correlation|
      category                sqrt(max(0, e)), e = 1 - (n - 1) / (n - k) * (1 - SSB / SST): the correlation ratio of the label by k categories, without
                              what k categories reach by chance; the label is 0 and 1, or its rank. For a binary label it is Cramer's V, so corrected.
    Ties have their mean rank.
  Raises: an unknown label_kind.
  Source: Mann and Whitney (1947), AUC = U / (n1 n0); Spearman (1904); Kelley (1935), epsilon squared.
-#}
{% macro label_association(relation, label, columns, categorical=none, label_kind='binary', group_by=none) %}
    {%- if label_kind not in ['binary', 'numeric'] -%}
        {%- do exceptions.raise_compiler_error("ml_monitor.label_association: label_kind is '" ~ label_kind ~ "'; allowed: binary, numeric. Write label_kind: binary") -%}
    {%- endif -%}
    {%- set categorical = categorical or [] -%}
    {%- set text = ml_monitor.text_type() -%}
    {%- set keys = ml_monitor.group_keys(group_by) | join(', ') -%}
with

labelled_rows as (

    select
        {{ ml_monitor.group_inputs(group_by) }},
        {{ ml_monitor.float64(label) if label_kind == 'numeric' else 'cast(' ~ label ~ ' as ' ~ text ~ ')' }} as label_value
        {%- for column in columns %},
        {{ 'cast(' ~ column ~ ' as ' ~ text ~ ')' if column in categorical else ml_monitor.float64(column) }} as feature_{{ loop.index }}
        {%- endfor %}
    from {{ ml_monitor.aliased(relation, 'all_rows') }}

),

feature_rows as (
    {% for column in columns %}
    select
        {{ keys }},
        {{ ml_monitor.string_literal(column) }} as feature,
        {{ '1 = 1' if column in categorical else '1 = 0' }} as is_category,
        label_value,
        {#- A text that reads NULL is not the NULL. #}
        {{ "coalesce('=' || feature_" ~ loop.index ~ ", 'NULL')" if column in categorical else 'cast(null as ' ~ text ~ ')' }} as category,
        {{ ml_monitor.float64('null') if column in categorical else 'feature_' ~ loop.index }} as number_value
    from labelled_rows
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}

),

usable_rows as (

    select *
    from feature_rows
    where
        (is_category or number_value between -1e100 and 1e100)
        and {{ 'label_value between -1e100 and 1e100' if label_kind == 'numeric' else 'label_value is not null' }}

),

ranked as (

    select
        {{ keys }},
        feature,
        is_category,
        label_value,
        category,
        number_value,
        rank() over (partition by {{ keys }}, feature order by number_value) + (count(*) over (partition by {{ keys }}, feature, number_value) - 1) / 2.0 as value_rank,
        {%- if label_kind == 'numeric' %}
        rank() over (partition by {{ keys }}, feature order by label_value) + (count(*) over (partition by {{ keys }}, feature, label_value) - 1) / 2.0 as label_rank
        {%- else %}
        case when label_value = max(label_value) over (partition by {{ keys }}, feature) then 1 else 0 end as label_rank
        {%- endif %}
    from usable_rows

),

centred as (

    select
        {{ keys }},
        feature,
        is_category,
        label_value,
        category,
        number_value,
        {{ ml_monitor.float64('value_rank') }} - avg({{ ml_monitor.float64('value_rank') }}) over (partition by {{ keys }}, feature) as x,
        {{ ml_monitor.float64('label_rank') }} - avg({{ ml_monitor.float64('label_rank') }}) over (partition by {{ keys }}, feature) as y,
        label_rank
    from ranked

),

-- Every category, and all numbers of a feature as one.
category_sums as (

    select
        {{ keys }},
        feature,
        is_category,
        {{ ml_monitor.float64('count(*)') }} as n,
        sum(y) * sum(y) / count(*) as between_squares,
        sum(x * x) as x_squares,
        sum(y * y) as y_squares,
        sum(x * y) as products,
        sum(case when label_rank = 1 then x end) as positive_x,
        {{ ml_monitor.float64('sum(case when label_rank = 1 then 1 else 0 end)') }} as positives,
        count(distinct number_value) as number_count
    from centred
    group by {{ keys }}, feature, is_category, category

),

label_counts as (

    select {{ keys }}, feature, count(distinct label_value) as label_count
    from centred
    group by {{ keys }}, feature

),

feature_sums as (

    select
        {{ keys }},
        feature,
        is_category,
        sum(n) as n,
        case when is_category then count(*) else max(number_count) end as value_count,
        sum(between_squares) as between_squares,
        sum(x_squares) as x_squares,
        sum(y_squares) as y_squares,
        sum(products) as products,
        sum(positive_x) as positive_x,
        sum(positives) as positives
    from category_sums
    group by {{ keys }}, feature, is_category

),

-- A feature without any usable row must not disappear.
all_features as (

    select distinct {{ keys }}, feature from feature_rows

),

final as (

    select
        {{ ml_monitor.group_outputs(group_by, 'f') }}cast(f.feature as {{ text }}) as feature,
        cast(coalesce(s.n, 0) as bigint) as row_count,
        coalesce(s.value_count, 0) as value_count,
        coalesce(l.label_count, 0) as label_count,
        case
            when s.value_count < 2 or l.label_count < 2{{ ' or l.label_count > 2' if label_kind == 'binary' }} then null
            when s.is_category and s.value_count >= s.n then null
            when s.is_category then {{ ml_monitor.least_of([1, 'sqrt(' ~ ml_monitor.greatest_of([0, '1 - (s.n - 1) / (s.n - s.value_count) * (1 - s.between_squares / s.y_squares)']) ~ ')']) }}
            {%- if label_kind == 'numeric' %}
            else {{ ml_monitor.least_of([1, 'abs(s.products) / sqrt(s.x_squares * s.y_squares)']) }}
            {%- else %}
            -- Of centred ranks: AUC = mean of the positives / n0 + 1/2.
            else {{ ml_monitor.least_of([1, 'abs(2 * s.positive_x / s.positives / (s.n - s.positives))']) }}
            {%- endif %}
        end as label_association
    from all_features as f
    left join feature_sums as s on f.feature = s.feature and {{ ml_monitor.same_group('f', 's', ml_monitor.group_aliases(group_by)) }}
    left join label_counts as l on f.feature = l.feature and {{ ml_monitor.same_group('f', 'l', ml_monitor.group_aliases(group_by)) }}

)

select * from final
{%- endmacro %}


{#-
  Whether a feature is named like the label: its name is that of the label up to case, underscores and quotes, or contains it. A label
  shorter than four letters, such as y, is part of many names and must be the whole of it.
  Arguments: name, label (strings). Returns: boolean.
-#}
{% macro is_label_like_name(name, label) %}
    {%- set bare = name.lower().replace('_', '').strip('"`') -%}
    {%- set bare_label = label.lower().replace('_', '').strip('"`') -%}
    {%- do return(bare == bare_label or (bare_label | length >= 4 and bare_label in bare)) -%}
{% endmacro %}

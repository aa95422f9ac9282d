{#-
  The group `leak` of <m>__reference_profile: how well each feature of the training set alone tells the label, by macro label_association.
  A feature that
  tells nearly all of it was made from the label, or is known only with it.

  Computed anew only when the training set changed (training_state, a fingerprint of its rows) or its declaration did. Of more than 50,000
  rows
  a sample of about 50,000 is read, which the hash of each row decides: the same rows, the same sample. For a training set without a column
  with role label, and for more than two classes, for which ranks have no natural order, there are no features here.

  Arguments: monitor (string).
  Returns: CTEs ending in `changed_training_set`, of one row if there is something to write, with training_state and row_count.
-#}
{% macro label_leak_head(monitor) -%}
    {%- set spec = ml_monitor.monitor_spec(monitor) -%}
    {%- set declaration_hash = ml_monitor.declaration_hash(spec, 'label_leak') -%}
    {%- set training_set = ref('stg_' ~ monitor ~ '__reference') -%}
    {%- set label = ml_monitor.role_column(spec.reference, 'label') -%}
    {%- set version = ml_monitor.role_column(spec.reference, 'model_version') -%}
    {%- set features = ml_monitor.told_features(spec) -%}
    {%- set ns = namespace(columns=[]) -%}
    {%- for column in features -%}
        {%- set ns.columns = ns.columns + [column.sql ~ ' as feature_' ~ loop.index] -%}
    {%- endfor -%}
    {%- set text = ml_monitor.text_type() -%}
{% if features -%}
training_rows {{ ml_monitor.as_inlined() }} (

    select
        {{ ml_monitor.segment_value(version) if version else "'__all__'" }} as model_version,
        {{ label }} as label_value,
        {{ ns.columns | join(',\n        ') }},
        abs({{ ml_monitor.modulo(ml_monitor.row_hash(([version] if version else []) + [label] + features | map(attribute='sql') | list),
            1000000007) }}) as content
    from {{ training_set }}

),

training_state as (

    select
        cast(count(*) as {{ text }}) || ' rows, ' || cast(coalesce(sum(content), 0) as {{ text }}) as training_state,
        count(*) as row_count
    from training_rows

),
{%- else -%}
training_state as (

    select 'no label to tell' as training_state, 0 as row_count

),
{%- endif %}

changed_training_set as (

    select *
    from training_state
    {%- if ml_monitor.is_incremental() %}
    where
        not exists (
            select 1
            from {{ this }} as built
            where built.rebuild_key = 'leak' and built.training_state = training_state.training_state
                and built.declaration_hash = '{{ declaration_hash }}'
        )
    {%- endif %}

),
{%- endmacro %}


{#- The CTEs of the group `leak` from its head to `found_leaks`. Arguments: monitor (string). -#}
{% macro label_leak_ctes(monitor) -%}
    {%- set spec = ml_monitor.monitor_spec(monitor) -%}
    {%- set features = ml_monitor.told_features(spec) -%}
    {%- set ns = namespace(names=[], categorical=[]) -%}
    {%- for column in features -%}
        {%- set ns.names = ns.names + ['feature_' ~ loop.index] -%}
        {%- if column.kind == 'categorical' -%}{%- set ns.categorical = ns.categorical + ['feature_' ~ loop.index] -%}{%- endif -%}
    {%- endfor -%}
{% if features -%}
-- Equal rows are told apart by a number, so that a sample has its part of them.
numbered as (

    select
        training_rows.*,
        changed.row_count,
        row_number() over (partition by training_rows.content order by training_rows.content) as copy_number
    from training_rows
    cross join changed_training_set as changed

),

sampled as (

    select *
    from numbered
    where row_count <= 50000 or abs({{ ml_monitor.modulo(ml_monitor.row_hash(['content', 'copy_number']),
        1000000) }}) < 1000000 * (50000.0 / row_count)

),

associations as (

    {{ ml_monitor.label_association('sampled', 'label_value', ns.names, ns.categorical, 'numeric' if spec.task == 'regression'
        else 'binary', ['model_version']) | indent(4) }}

),

{% endif -%}
found_leaks as (

    select '__all__' as model_version, '__rows__' as column_name, row_count, 0 as value_count, 0 as label_count, null as label_association
    from changed_training_set
    {%- if features %}
    union all
    select
        model_version,
        case feature
            {%- for column in features %}
            when 'feature_{{ loop.index }}' then {{ ml_monitor.string_literal(column.name) }}
            {%- endfor %}
        end as column_name,
        row_count,
        value_count,
        label_count,
        label_association
    from associations
    {%- endif %}

),
{%- endmacro %}


{#-
  CTEs of data_quality: what the training set says of each feature, as `training_state` (one row) and `told_labels` (column_name,
  label_association, label_association_rows): of several versions that one whose label is told best.
  Arguments: monitor (string).
-#}
{% macro told_labels_ctes(monitor) -%}
{%- set label_leak = "(select * from " ~ ref(monitor ~ '__reference_profile') ~ " where rebuild_key = 'leak')" -%}
training_state as (

    select max(training_state) as training_state from {{ label_leak }} as leak where column_name = '__rows__'

),

told_labels as (

    select column_name, label_association, row_count as label_association_rows
    from (
        select
            column_name,
            label_association,
            row_count,
            row_number() over (partition by column_name order by coalesce(label_association, -1) desc, row_count desc, model_version)
                as place
        from {{ label_leak }} as leak
        where column_name <> '__rows__'
    ) as placed
    where place = 1

),
{%- endmacro %}

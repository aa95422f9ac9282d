{#-
  The group `leak` of <m>__reference_profile: how well each feature of the training set alone tells the label, by macro label_association.
  A feature that tells nearly all of it was made from the label, or is known only with it.

  Computed anew only when the training set changed (training_state, a fingerprint of its rows) or its declaration did. Of more than 50,000
  rows a sample of about 50,000 is read, which the hash of each row decides: the same rows, the same sample. For a training set without
  a column with role label, and for more than two classes, for which ranks have no natural order, there are no features here.

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
        {{ ml_monitor.segment_value(ml_monitor.version_text(spec.reference)) if version else "'__all__'" }} as model_version,
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

    {#- Under a name that no column of `built` has, which Spark would read as a field of it. #}
    select told.*
    from training_state as told
    {%- if ml_monitor.is_incremental() %}
    where
        not exists (
            select 1
            from {{ this }} as built
            where built.rebuild_key = 'leak' and built.training_state = told.training_state
                and built.declaration_hash = '{{ declaration_hash }}'
        )
    {%- endif %}

),
{%- endmacro %}

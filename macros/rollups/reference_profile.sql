{#-
  Model <m>__reference_profile: what is known of the training set, written again when it changes, since a retrained model brings a new one.
  Two groups of rows, by rebuild_key:
    profile  the training set counted as the hours are, so that `training` is a baseline like any other
    leak     how well each feature alone tells the label (macro label_leak_head)

  Arguments: monitor (string).
  Columns: reference_profile_columns.
-#}
{% macro reference_profile(monitor) %}
    {{- ml_monitor.monitor_model(monitor, reads=['stg_reference', 'grid'], key='rebuild_key', access='public') -}}
    {%- if execute -%}{{ ml_monitor.reference_profile_select(monitor) }}{%- endif -%}
{% endmacro %}


{#- The select of <m>__reference_profile. Arguments: monitor (string). -#}
{% macro reference_profile_select(monitor) %}
    {%- set spec = ml_monitor.monitor_spec(monitor) -%}
    {%- set columns = ml_monitor.training_columns(spec) -%}
    {%- set version = ml_monitor.role_column(spec.reference, 'model_version') -%}
    {%- set grid = ref(monitor ~ '__grid') -%}
    {%- set counts_sql = ml_monitor.column_counts('reference_rows', grid, ['ml_baseline', 'ml_model_version'], columns) -%}
    {%- set listed = ml_monitor.table_columns('reference_profile') -%}
    {#- The columns of the other group are NULL. -#}
    {%- set profile_values = {
        'baseline': 'ml_baseline', 'model_version': 'ml_model_version', 'rebuild_key': "'profile'",
        'input_state': '(select input_state from changed_inputs)'} -%}
    {%- set leak_values = {
        'baseline': "'training'", 'rebuild_key': "'leak'", 'row_count': 'found_leaks.row_count',
        'declaration_hash': "'" ~ ml_monitor.declaration_hash(spec, 'label_leak') ~ "'",
    } -%}
    {%- for name in ['value_count', 'label_count', 'label_association', 'training_state', 'declaration_hash'] -%}
        {%- do profile_values.update({name: 'null'}) -%}
    {%- endfor -%}
    {%- for name in ['slot', 'cell', 'category', 'z_sum', 'z_squared_sum', 'input_state'] + ml_monitor.profile_flags() -%}
        {%- do leak_values.update({name: 'null'}) -%}
    {%- endfor -%}
    {%- set head -%}
reference_rows {{ ml_monitor.as_inlined() }} (

    select
        'training' as ml_baseline,
        {{ ml_monitor.segment_value(ml_monitor.version_text(spec.reference)) if version else "'__all__'" }} as ml_model_version,
        {{ (columns | map(attribute='sql') | list) | join(',\n        ') }}
    from {{ ref('stg_' ~ monitor ~ '__reference') }}

),

{{ ml_monitor.changed_inputs([
    ['reference_rows', ['ml_model_version'] + columns | map(attribute='sql') | list],
    [grid, ml_monitor.grid_columns() | map('first') | list],
], counts_sql, built='(select * from ' ~ this ~ " where rebuild_key = 'profile')") }}

{{ ml_monitor.label_leak_head(monitor) }}

written_groups as (

    select 'profile' as rebuild_key from changed_inputs
    union all
    select 'leak' as rebuild_key from changed_training_set

),
    {%- endset -%}
{%- call ml_monitor.select_if_any('reference_profile', monitor, head, 'written_groups') %}
counts as (

    {{- counts_sql }}

),

{{ ml_monitor.label_leak_ctes(monitor) }}

final as (

    select
        {{ ml_monitor.typed_columns(listed, profile_values) | indent(8) }}
    from counts
    where exists (select 1 from changed_inputs)
    union all
    select
        {{ ml_monitor.typed_columns(listed, leak_values) | indent(8) }}
    from found_leaks
    cross join changed_training_set

)

select * from final
{%- endcall %}
{% endmacro %}


{#- The columns of <m>__reference_profile. -#}
{% macro reference_profile_columns() %}
    {%- do return(ml_monitor.listed_columns([
        ['baseline', 'Always training.'],
        ['model_version', 'Model version; `__all__` if the training set names none.'],
        ['column_name', 'Monitored column; of leak, a feature, or `__rows__` for the training set as a whole.'],
        ['slot', 'int', 'As in <m>__hourly_profile; NULL for leak.'],
        ['cell', 'int', 'As in <m>__hourly_profile; NULL for leak.'],
        ['category', 'Category, `__other__` for those not in the grid; NULL for numbers and for NULL.'],
        ['row_count', 'Rows counted here; of leak, rows with a label and a value: a category may be NULL, a number must be finite.'],
        'z_sum', 'z_squared_sum', 'zero_count', 'default_count', 'invalid_count', 'empty_count', 'clipped_count', 'numeric_text_count',
        ['value_count', 'bigint', 'Of leak: distinct values of the feature.'],
        ['label_count', 'bigint', 'Of leak: distinct labels.'],
        ['label_association', 'double', 'Of leak: how well the feature alone tells the label, 0 to 1 (macro label_association).'],
        ['training_state', 'string', 'Of leak: fingerprint of the training set; when it changes, the rows are written again.'],
        ['rebuild_key', 'profile or leak: the group that is written as a whole.'],
        ['input_state', 'Of profile: fingerprint of what the rows are made of; when it changes, they are written again.'],
        ['declaration_hash', 'Of leak: hash of the declaration that the row was built under.'],
    ])) -%}
{% endmacro %}

{#-
  Model <m>__reference_profile: the training set counted as the hours are, so that `training` is a baseline like any other.
  Written again when the training set or what it is counted by is another: a retrained model brings a new one.

  Arguments: monitor (string).
  Columns: baseline (`training`), model_version (`__all__` if the reference has none), column_name, slot, cell, category,
  row_count, z_sum, z_squared_sum, the counts of profile_flags (units as in <m>__hourly_profile), input_state (what the rows are made of).
-#}
{% macro reference_profile(monitor) %}
    {{- config(materialized='incremental', incremental_strategy='delete+insert', unique_key='baseline', on_schema_change='append_new_columns', sql_header=ml_monitor.planner_settings()) -}}
    {%- set spec = ml_monitor.monitor_spec(monitor) -%}
    {%- set columns = ml_monitor.monitored_columns(spec) | selectattr('in_reference') | list -%}
    {%- set numeric = columns | selectattr('kind', 'equalto', 'numeric') | list -%}
    {%- set categorical = columns | selectattr('kind', 'equalto', 'categorical') | list -%}
    {%- set version = ml_monitor.role_column(spec.reference, 'model_version') -%}
    {%- set grid = ref(monitor ~ '__grid') -%}
    {%- set categories = ref(monitor ~ '__grid_categories') -%}
    {%- set text = dbt.type_string() -%}
    {%- set counts_sql -%}
    {%- if numeric %}
    {{- ml_monitor.numeric_counts('reference_rows', grid, ['baseline', 'model_version'], numeric) }}
    {%- endif %}
    {%- if numeric and categorical %}
    union all
    {%- endif %}
    {%- if categorical %}
    {{- ml_monitor.category_counts('reference_rows', categories, ['baseline', 'model_version'], categorical) }}
    {%- endif %}
    {%- endset -%}
    {%- set head -%}
reference_rows {{ ml_monitor.as_inlined() }} (

    select
        'training' as baseline,
        {{ ml_monitor.segment_value(version) if version else "'__all__'" }} as model_version,
        {{ (columns | map(attribute='sql') | list) | join(',\n        ') }}
    from {{ ref('stg_' ~ monitor ~ '__reference') }}

),

{{ ml_monitor.changed_inputs([
    ['reference_rows', ['model_version'] + columns | map(attribute='sql') | list],
    [grid, ml_monitor.model_columns(monitor ~ '__grid')],
    [categories, ml_monitor.model_columns(monitor ~ '__grid_categories')],
], counts_sql) }}
    {%- endset -%}
{%- call ml_monitor.select_if_any('reference_profile', monitor, head, 'changed_inputs') %}

counts as (

    {{- counts_sql }}

),

final as (

    select
        cast(baseline as {{ text }}) as baseline,
        cast(model_version as {{ text }}) as model_version,
        cast(column_name as {{ text }}) as column_name,
        slot,
        cell,
        category,
        row_count,
        z_sum,
        z_squared_sum,
        {{ ml_monitor.profile_flags() | join(',\n        ') }},
        cast((select input_state from changed_inputs) as {{ text }}) as input_state
    from counts
    where exists (select 1 from changed_inputs)

)

select * from final
{%- endcall %}
{% endmacro %}

{#-
  PSI of one column between two relations, exact on raw rows; needs no pipeline. Bins come from the reference: the three-way
  position among minimum, deciles and maximum for numbers, the value for categories. NULL, NaN and infinite values are left
  out (they are a null rate, not a shape).

  Arguments:
    current, reference (relation or `(select ...)`), column (SQL name), reference_column (SQL name, default the same),
    kind (`numeric` or `categorical`)
  Returns: a select of one row: reference_rows, current_rows, bin_count, psi, psi_excess (psi less its expectation under no
    drift), psi_noise (its 0.9995 quantile under no drift); psi is NULL with fewer than two bins. No row if either side is empty.
  Raises: an unknown kind.
  Source: STATISTICS, "Distances", "Pooling and noise".
  Example: {{ '{{ ml_monitor.psi(ref(\'scores\'), ref(\'training\'), \'age\') }}' }}
-#}
{% macro psi(current, reference, column, reference_column=none, kind='numeric') %}
    {%- set reference_column = reference_column or column -%}
    {%- if kind not in ['numeric', 'categorical'] -%}
        {%- do exceptions.raise_compiler_error("ml_monitor.psi: kind is '" ~ kind ~ "'; allowed: numeric, categorical. Write kind: categorical") -%}
    {%- endif -%}
with

{% if kind == 'numeric' -%}
reference_values as (

    select 'column' as column_name, 10 as steps, {{ ml_monitor.float64(reference_column) }} as value
    from {{ ml_monitor.aliased(reference, 'reference_rows') }}
    where {{ ml_monitor.float64(reference_column) }} between -1e100 and 1e100

),

{{ ml_monitor.edges_from_values('reference_values') }}

counted as (

    select {{ ml_monitor.numeric_slot('reference_values.value', 'edges', 11) }} as bin, 1 as reference_count, 0 as current_count
    from reference_values
    cross join edges
    union all
    select {{ ml_monitor.numeric_slot('current_values.value', 'edges', 11) }} as bin, 0 as reference_count, 1 as current_count
    from (select {{ ml_monitor.float64(column) }} as value from {{ ml_monitor.aliased(current, 'current_rows') }}) as current_values
    cross join edges
    where current_values.value between -1e100 and 1e100

),

counts as (

    select 1 as subject, bin, 1 = 0 as is_pooled, sum(reference_count) as reference_count, sum(current_count) as current_count
    from counted
    group by bin

),
{%- else -%}
valued as (

    select cast({{ reference_column }} as {{ dbt.type_string() }}) as value, 1 as reference_count, 0 as current_count
    from {{ ml_monitor.aliased(reference, 'reference_rows') }}
    union all
    select cast({{ column }} as {{ dbt.type_string() }}) as value, 0 as reference_count, 1 as current_count
    from {{ ml_monitor.aliased(current, 'current_rows') }}

),

counted as (

    select value, sum(reference_count) as reference_count, sum(current_count) as current_count
    from valued
    where value is not null
    group by value

),

counts as (

    select
        1 as subject,
        row_number() over (order by reference_count desc, value) as bin,
        reference_count = 0 as is_pooled,
        reference_count,
        current_count
    from counted

),
{%- endif %}

{{ ml_monitor.psi_from_counts('counts', ['subject']) }}

final as (

    select reference_rows, current_rows, bin_count, psi, psi_excess, psi_noise from psi_values

)

select * from final
{%- endmacro %}

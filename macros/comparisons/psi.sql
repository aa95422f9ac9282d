{#-
  PSI of one column between two relations, exact on raw rows; needs no pipeline. Bins come from the reference: the three-way
  position among minimum, deciles and maximum for numbers, the value for categories. NULL, NaN and infinite values are left
  out (they are a null rate, not a shape).

  Arguments:
    current, reference (relation or `(select ...)`), column (SQL name), reference_column (SQL name, default the same),
    kind (`numeric` or `categorical`), group_by (list of SQL names of both relations, optional): a group is compared with the same
    group of the reference, by bins of its own
  Returns: a select of one row: reference_rows, current_rows, bin_count, psi, psi_excess (psi less its expectation under no
    drift), psi_noise (its 0.9995 quantile under no drift), psi_p_value, js_distance, hellinger, tv, linf, chi2 and cramers_v over
    the same bins (distances_from_counts); all are NULL with fewer than two bins. No row if either side is empty.
    With group_by one row for each group of the current relation, with its columns; psi is NULL if the reference lacks the group.
  Raises: an unknown kind.
  Source: STATISTICS, "Distances", "Pooling and noise".
  Example: {{ '{{ ml_monitor.psi(ref(\'scores\'), ref(\'training\'), \'age\') }}' }}
-#}
{% macro psi(current, reference, column, reference_column=none, kind='numeric', group_by=none) %}
    {%- set reference_column = reference_column or column -%}
    {%- do ml_monitor.check_kind('psi', kind) -%}
    {%- set groups = ml_monitor.group_columns(group_by) -%}
    {%- set names = ml_monitor.group_aliases(groups) -%}
    {%- set type = ml_monitor.float_type() if kind == 'numeric' else ml_monitor.text_type() -%}
    {%- set condition = 'between -1e100 and 1e100' if kind == 'numeric' else 'is not null' -%}
with

{% if groups -%}
-- Further down a group is known by its number.
group_numbers as (

    select
        {{ names | join(', ') }},
        row_number() over (order by {{ names | join(', ') }}) as subject
    from (
        select distinct {% for group in groups %}{{ group }} as group_{{ loop.index }}{{ ', ' if not loop.last }}{% endfor %}
        from {{ ml_monitor.aliased(current, 'current_rows') }}
    ) as found

),

{% endif -%}
{% for side, relation, name in [['reference', reference, reference_column], ['current', current, column]] -%}
{{ side }}_values as (
    {%- if groups %}

    select group_numbers.subject, {{ side }}_rows.value
    from (
        select
            {%- for group in groups %}
            {{ group }} as group_{{ loop.index }},
            {%- endfor %}
            cast({{ name }} as {{ type }}) as value
        from {{ ml_monitor.aliased(relation, 'all_rows') }}
    ) as {{ side }}_rows
    inner join group_numbers on {{ ml_monitor.same_group(side ~ '_rows', 'group_numbers', names) }}
    where {{ side }}_rows.value {{ condition }}
    {%- else %}

    select 1 as subject, cast({{ name }} as {{ type }}) as value
    from {{ ml_monitor.aliased(relation, side ~ '_rows') }}
    where cast({{ name }} as {{ type }}) {{ condition }}
    {%- endif %}

),

{% endfor -%}
{% if kind == 'numeric' -%}
edge_values as (

    select subject as column_name, 10 as steps, value from reference_values

),

{{ ml_monitor.edges_from_values('edge_values') }}

counted as (

    select reference_values.subject, {{ ml_monitor.numeric_slot('reference_values.value', 'edges', 11) }} as bin, 1 as reference_count, 0 as current_count
    from reference_values
    inner join edges on reference_values.subject = edges.column_name
    union all
    select current_values.subject, {{ ml_monitor.numeric_slot('current_values.value', 'edges', 11) }} as bin, 0 as reference_count, 1 as current_count
    from current_values
    inner join edges on current_values.subject = edges.column_name

),

counts as (

    select subject, bin, 1 = 0 as is_pooled, sum(reference_count) as reference_count, sum(current_count) as current_count
    from counted
    group by subject, bin

),
{%- else -%}
valued as (

    select subject, value, 1 as reference_count, 0 as current_count from reference_values
    union all
    select subject, value, 0 as reference_count, 1 as current_count from current_values

),

counted as (

    select subject, value, sum(reference_count) as reference_count, sum(current_count) as current_count
    from valued
    group by subject, value

),

counts as (

    select
        subject,
        row_number() over (partition by subject order by reference_count desc, value) as bin,
        reference_count = 0 as is_pooled,
        reference_count,
        current_count
    from counted

),
{%- endif %}

{{ ml_monitor.distances_from_counts('counts', ['subject']) }}

final as (

    {%- if groups %}
    select
        {%- for group in groups %}
        group_numbers.group_{{ loop.index }} as {{ group }},
        {%- endfor %}
        (select count(*) from reference_values as r where r.subject = group_numbers.subject) as reference_rows,
        (select count(*) from current_values as c where c.subject = group_numbers.subject) as current_rows,
        psi_values.bin_count,
        psi_values.psi,
        psi_values.psi_excess,
        psi_values.psi_noise,
        psi_values.psi_p_value,
        {{ ml_monitor.other_distances() | map('replace', '', 'psi_values.', 1) | join(',\n        ') }}
    from group_numbers
    left join psi_values on group_numbers.subject = psi_values.subject
    {%- else %}
    select reference_rows, current_rows, bin_count, psi, psi_excess, psi_noise, psi_p_value, {{ ml_monitor.other_distances() | join(', ') }} from psi_values
    {%- endif %}

)

select * from final
{%- endmacro %}


{#- Raises if a column is said to be of a kind that we do not know. Arguments: name (string: the macro or test), kind. -#}
{% macro check_kind(name, kind) %}
    {%- if kind not in ['numeric', 'categorical'] -%}
        {%- do exceptions.raise_compiler_error('ml_monitor.' ~ name ~ ": kind is '" ~ kind ~ "'; allowed: numeric, categorical. Write kind: categorical") -%}
    {%- endif -%}
{% endmacro %}

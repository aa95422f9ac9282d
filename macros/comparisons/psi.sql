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
    {%- do ml_monitor.check_kind('psi', kind) -%}
    {%- set is_numeric = kind == 'numeric' -%}
    {%- set groups = ml_monitor.groups(group_by) -%}
    {%- set type = ml_monitor.float_type() if is_numeric else ml_monitor.text_type() -%}
    {%- set condition = 'value between -1e100 and 1e100' if is_numeric else 'value is not null' -%}
    {%- set sides = {'reference': [reference, reference_column or column], 'current': [current, column]} -%}
with

{% if groups.names -%}
-- Further down a group is known by its number.
group_numbers as (

    select found.*, row_number() over (order by {{ groups.names | join(', ') }}) as subject
    from (
        select distinct {{ groups.inputs | trim | trim(',') }}
        from {{ ml_monitor.aliased(current, 'current_rows') }}
    ) as found

),

{% endif -%}
{% for side, source in sides.items() -%}
{{ side }}_values as (

    select {{ 'group_numbers.subject' if groups.names else '1' }} as subject, own_rows.value
    from (
        select {{ groups.inputs }}cast({{ source[1] }} as {{ type }}) as value
        from {{ ml_monitor.aliased(source[0], 'all_rows') }}
    ) as own_rows
    {%- if groups.names %}
    inner join group_numbers on {{ ml_monitor.same_group('own_rows', 'group_numbers', groups.names) }}
    {%- endif %}
    where own_rows.{{ condition }}

),

{% endfor -%}
{% if is_numeric -%}
edge_values as (

    select subject as column_name, 10 as steps, value from reference_values

),

{{ ml_monitor.edges_from_values('edge_values') }}

counted as (
    {%- for side in sides %}
    {{- '\n    union all' if not loop.first }}
    select
        v.subject,
        {{ ml_monitor.numeric_slot('v.value', 'edges', 11) }} as bin,
        {{ 1 if side == 'reference' else 0 }} as reference_count,
        {{ 1 if side == 'current' else 0 }} as current_count
    from {{ side }}_values as v
    inner join edges on v.subject = edges.column_name
    {%- endfor %}

),

counts as (

    select subject, bin, 1 = 0 as is_pooled, sum(reference_count) as reference_count, sum(current_count) as current_count
    from counted
    group by subject, bin

),
{%- else -%}
counted as (

    select subject, value, sum(reference_count) as reference_count, sum(current_count) as current_count
    from (
        select subject, value, 1 as reference_count, 0 as current_count from reference_values
        union all
        select subject, value, 0 as reference_count, 1 as current_count from current_values
    ) as valued
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

{% set distances = ['bin_count', 'psi', 'psi_excess', 'psi_noise', 'psi_p_value'] + ml_monitor.other_distances() -%}
{% if groups.names -%}
{{ ml_monitor.final_measures('group_numbers as g\n    left join psi_values as v on g.subject = v.subject', group_by, [
    ['reference_rows', '(select count(*) from reference_values as r where r.subject = g.subject)'],
    ['current_rows', '(select count(*) from current_values as c where c.subject = g.subject)'],
] + distances, alias='g') }}
{%- else -%}
{{ ml_monitor.final_measures('psi_values', group_by, ['reference_rows', 'current_rows'] + distances) }}
{%- endif %}
{%- endmacro %}

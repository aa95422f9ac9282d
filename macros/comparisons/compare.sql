{#-
  Any two periods, versions or segments of a monitor, column by column, from rollups alone: what moved, how far, and where.

  Arguments:
    monitor (string)
    current, reference (dict, both with the same keys, all optional): from (inclusive) and until (exclusive), UTC timestamps as
      text; model_version (string); segment (dict of one declared segment to one value, whose counts are kept by day);
      reference may be a name instead, see reference_period: training, serving, previous, trailing, seasonal or a declared golden period
  Returns: a select of one row per column: column_name, column_role, column_kind, importance (as declared), reference_rows and
    current_rows (with a value), bin_count, psi, psi_excess, psi_noise, psi_p_value, is_drift_detected (psi_excess above psi_noise: an
    ad-hoc comparison has no baseline variation), js_distance, hellinger, tv, linf, chi2, cramers_v, ks, ks_p_value, wasserstein (unit
    of the column), wasserstein_norm, reference_mean, current_mean, reference_sd (units of the column), mean_shift; shares of rows that
    are null, zero, the default value or unseen, before and now (reference_<name>_share, current_<name>_share); top_bin (in words) with its
    shares; weighted_excess (psi_excess times importance), drift_share (share of all columns in which drift is detected).
    ks and wasserstein are NULL for segments and categories.
  Raises: unknown keys of current, unknown keys or name of reference, a value that is no time, an end before its beginning, a name
    that needs times which current does not have, an undeclared segment.
  Source: STATISTICS, "Distances"; bins and formulas as in distances_from_counts and cumulative_distances.
  Example: {{ '{{ ml_monitor.compare(\'flight_delay\', {\'from\': \'2013-07-01\', \'until\': \'2013-07-08\'}, \'training\') }}' }}
-#}
{% macro compare(monitor, current, reference) %}
    {%- set spec = ml_monitor.monitor_spec(monitor) -%}
    {%- do ml_monitor.check_periods(spec, {'current': current, 'reference': reference}) -%}
    {%- set reference = ml_monitor.reference_period(spec, current, reference) -%}
    {%- set columns = ml_monitor.columns_to_compare(spec) -%}
    {%- set has_cells = not (current.segment or (reference is mapping and reference.segment)) -%}
    {%- set shares = ['null', 'zero', 'default', 'unseen'] -%}
-- ml_monitor.compare('{{ monitor }}')
with

declared_columns as (
    {{ ml_monitor.declared_columns_values(columns) }}
),

importances as (
    {% for column in columns %}
    {%- set importance = ml_monitor.float64(column.importance if column.importance is not none else 'null') %}
    select {{ ml_monitor.string_literal(column.name) }} as column_name, {{ importance }} as importance{{ ' union all' if not loop.last }}
    {%- else %}
    select cast(null as {{ ml_monitor.text_type() }}) as column_name, {{ ml_monitor.float64('null') }} as importance where 1 = 0
    {%- endfor %}

),

{{ ml_monitor.paired_slots_and_cells(monitor, current, reference) }}

bins as (

    select
        p.column_name,
        p.slot as bin,
        c.column_kind = 'categorical' and p.slot = 0 as is_pooled,
        sum(p.reference_count) as reference_count,
        sum(p.current_count) as current_count
    from paired_counts as p
    inner join declared_columns as c on p.column_name = c.column_name
    where p.slot >= 0
    group by p.column_name, p.slot, c.column_kind

),

{{ ml_monitor.distances_from_counts('bins', ['column_name']) }}

numbers as (

    select
        p.column_name,
        p.slot,
        p.cell,
        p.reference_count,
        p.current_count,
        grid.center + grid.scale * (p.reference_z_sum + p.current_z_sum) / (p.reference_count + p.current_count) as place_mean
    from paired_counts as p
    inner join declared_columns as c on p.column_name = c.column_name
    inner join {{ ml_monitor.numeric_grid(monitor) }} as grid on p.column_name = grid.column_name
    where c.column_kind = 'numeric' and p.slot >= 0 and {{ '1 = 1' if has_cells else '1 = 0' }}

),

{{ ml_monitor.cumulative_distances('numbers', ['column_name'], 'slot, cell', 'place_mean', 'number_distances') }}

moments as (

    select
        p.column_name,
        {%- for side in ['reference', 'current'] %}
        {%- set count, z_sum, z_squared_sum = 'p.' ~ side ~ '_count', 'p.' ~ side ~ '_z_sum', 'p.' ~ side ~ '_z_squared_sum' %}
        case
            when sum({{ count }}) > 0 then max(grid.center) + max(grid.scale) * sum({{ z_sum }}) / sum({{ count }})
        end as {{ side }}_mean,
        max(grid.scale) * sqrt({{ ml_monitor.variance_from_sums(count, z_sum, z_squared_sum) }}) as {{ side }}_sd{{ ',' if not loop.last }}
        {%- endfor %}
    from paired_counts as p
    inner join declared_columns as c on p.column_name = c.column_name
    inner join {{ ml_monitor.numeric_grid(monitor) }} as grid on p.column_name = grid.column_name
    where c.column_kind = 'numeric' and p.slot >= 0
    group by p.column_name

),

shares as (

    select
        p.column_name,
        {%- for side in ['reference', 'current'] %}
        {%- set count = 'p.' ~ side ~ '_count' %}
        {%- set parts = {
            'null': 'sum(case when p.slot = -1 then ' ~ count ~ ' else 0 end)',
            'zero': 'sum(p.' ~ side ~ '_zero_count)',
            'default': 'sum(p.' ~ side ~ '_default_count)',
            'unseen': "sum(case when c.column_kind = 'categorical' and p.slot = 0 then " ~ count ~ ' else 0 end)',
        } %}
        sum(case when p.slot >= 0 then {{ count }} else 0 end) as {{ side }}_rows,
        {%- set is_last_side = loop.last %}
        {%- for name, part in parts.items() %}
        {{ ml_monitor.ratio(part, 'sum(' ~ count ~ ')') }} as {{ side }}_{{ name }}_share{{ ',' if not (loop.last and is_last_side) }}
        {%- endfor %}
        {%- endfor %}
    from paired_counts as p
    inner join declared_columns as c on p.column_name = c.column_name
    group by p.column_name

),

{{ ml_monitor.bin_labels(spec) }}

final as (

    select
        c.column_name,
        c.column_role,
        c.column_kind,
        importances.importance,
        cast(coalesce(shares.reference_rows, 0) as bigint) as reference_rows,
        cast(coalesce(shares.current_rows, 0) as bigint) as current_rows,
        v.bin_count,
        v.psi,
        v.psi_excess,
        v.psi_noise,
        v.psi_p_value,
        coalesce(v.psi_excess > v.psi_noise, false) as is_drift_detected,
        {%- for name in ml_monitor.other_distances() %}
        v.{{ name }},
        {%- endfor %}
        number_distances.ks,
        number_distances.ks_p_value,
        number_distances.wasserstein,
        number_distances.wasserstein / nullif(moments.reference_sd, 0) as wasserstein_norm,
        moments.reference_mean,
        moments.current_mean,
        moments.reference_sd,
        (moments.current_mean - moments.reference_mean) / nullif(moments.reference_sd, 0) as mean_shift,
        {%- for name in shares %}
        shares.reference_{{ name }}_share,
        shares.current_{{ name }}_share,
        {%- endfor %}
        {{ ml_monitor.bin_text(spec, 'c.column_name', 'bin_labels.label', 'v.top_bin') }} as top_bin,
        v.top_bin_reference_share,
        v.top_bin_current_share,
        v.psi_excess * importances.importance as weighted_excess,
        avg(case when v.psi_excess > v.psi_noise then {{ ml_monitor.float64(1) }} when v.psi is not null then 0 end) over () as drift_share
    from declared_columns as c
    inner join importances on c.column_name = importances.column_name
    left join psi_values as v on c.column_name = v.column_name
    left join number_distances on c.column_name = number_distances.column_name
    left join moments on c.column_name = moments.column_name
    left join shares on c.column_name = shares.column_name
    left join bin_labels on v.column_name = bin_labels.column_name and v.top_bin = bin_labels.bin

)

select * from final
{%- endmacro %}

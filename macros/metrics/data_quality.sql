{#-
  Model <m>__data_quality: what share of each monitored column is missing, special or outside its declaration, how it is spread,
  and how often each rule is broken, per hour and day, by total and (days) by segment.

  Arguments: monitor (string).
  Columns: data_quality_columns; rates are shares of row_count (0 to 1), with the counts beside them and 99.9 %
  Wilson bounds of those that are judged. Percentiles (in the column's unit, of totals) come from cells: at most one cell, about 3 % of the
  distance to the centre, from the exact ones; hours have them from 100 values on. Of days, what the training set says of a feature:
  label_association, from <m>__reference_profile, and label_like_name; another training set rewrites all days.
-#}
{% macro data_quality(monitor) %}
    {{- ml_monitor.monitor_model(monitor, reads=['hourly_profile', 'inferences_log', 'grid', 'reference_profile'], key='rebuild_key',
        access='public') -}}
    {%- if execute -%}{{ ml_monitor.data_quality_select(monitor) }}{%- endif -%}
{% endmacro %}


{#- The select of <m>__data_quality. Arguments: monitor (string). -#}
{% macro data_quality_select(monitor) %}
    {%- set spec = ml_monitor.monitor_spec(monitor) -%}
    {%- set declaration_hash = ml_monitor.declaration_hash(spec, 'data_quality') -%}
    {%- set profile = ref(monitor ~ '__hourly_profile') -%}
    {%- set log = ref(monitor ~ '__inferences_log') -%}
    {%- set columns = ml_monitor.monitored_columns(spec) -%}
    {%- set keys = ['window_grain', 'window_start', 'segment_name', 'segment_value', 'column_name'] -%}
    {%- set counts = ml_monitor.quality_counts() -%}
    {%- set measures = ['row_count'] + ml_monitor.profile_flags() -%}
    {%- set sums = [] -%}
    {%- for name in measures -%}{%- do sums.append('sum(p.' ~ name ~ ') as ' ~ name) -%}{%- endfor -%}
    {%- set start = ml_monitor.grain_start('p.window_start', ['hour', 'day']) -%}
    {%- set asked = columns | selectattr('exact_distinct') | list -%}
    {%- set has_reference = ml_monitor.has_part(monitor, 'reference') -%}
    {%- set label_names = ml_monitor.label_names(spec) -%}
    {%- set alike = namespace(names=[]) -%}
    {%- for column in columns -%}
        {%- for label in label_names if ml_monitor.is_label_like_name(column.name, label) -%}
            {%- set alike.names = alike.names + [column.name] -%}{%- endfor -%}
    {%- endfor -%}
    {%- set other_training -%}
windows.window_grain = 'day'
and exists (
    select 1
    from {{ this }} as built
    where
        built.window_grain = 'day'
        and built.window_start = windows.window_start
        and built.training_state is distinct from (select training_state.training_state from training_state)
)
    {%- endset -%}
    {%- set head -%}
{% if has_reference -%}
{{ ml_monitor.told_labels_ctes(monitor) }}

{% endif -%}
{{ ml_monitor.window_ctes(declaration_hash, profile, 'row_count', ['hour', 'day'], "column_name = '__rows__'", ml_monitor.fold_before(spec),
    other_training if has_reference and ml_monitor.is_incremental() else none) }}
    {%- endset -%}
{%- call ml_monitor.select_if_any(
    'data_quality', monitor, head, 'touched_windows', hashes={declaration_hash: ['counted', 'joined', 'measured']}
) %}

declared_columns as (
    {{ ml_monitor.declared_columns_values(columns) }}
),

touched_days as (

    select distinct {{ ml_monitor.truncate('day', 'window_start') }} as day from touched_windows

),

-- Totals by hour and by day; segments are kept by day.
slots as (

    select
        grains.window_grain,
        {{ start }} as window_start,
        p.segment_name,
        p.segment_value,
        p.column_name,
        p.slot,
        {{ sums | join(',\n        ') }}
    from {{ ml_monitor.aliased(profile, 'p') }}
    cross join {{ ml_monitor.grains(['hour', 'day']) }} as grains
    where
        (grains.window_grain = 'day' or p.window_grain = 'hour')
        {%- if ml_monitor.is_incremental() %}
        and {{ ml_monitor.truncate('day', 'p.window_start') }} in (select day from touched_days)
        {%- endif %}
    group by grains.window_grain, {{ start }}, p.segment_name, p.segment_value, p.column_name, p.slot

),

counted as (

    select
        {% for key in keys %}s.{{ key }}, {% endfor %}
        {%- for name, expression in counts.items() %}
        sum({{ expression }}) as {{ name }},
        {%- endfor %}
        {#- One value: a number that equals an edge of the grid, or a category of it. #}
        max(case when c.column_kind = 'numeric' and s.slot > 0 and {{ ml_monitor.modulo('s.slot', 2) }} = 1 or c.column_kind = 'categorical'
            and s.slot > 0 then s.row_count else 0 end) as top_value_count,
        sum(case when c.column_kind = 'categorical' and s.slot >= 0 then 1 else 0 end) as occupied_categories
    from slots as s
    inner join declared_columns as c on s.column_name = c.column_name
    left join {{ ml_monitor.aliased(ref(monitor ~ '__grid'), 'codes') }}
        on s.column_name = codes.column_name and codes.category_rank = 1 and codes.has_numbers
    group by {% for key in keys %}s.{{ key }}{{ ', ' if not loop.last }}{% endfor %}

),

{{ ml_monitor.quality_percentiles(profile) }}

{% if asked -%}
{{ ml_monitor.exact_distinct(asked, log) }}

{% endif -%}
subjects as (

    select
        w.window_grain,
        w.window_start,
        w.window_end,
        '__all__' as segment_name,
        '__all__' as segment_value,
        c.column_name
    from touched_windows as w
    cross join declared_columns as c
    union all
    select
        w.window_grain,
        w.window_start,
        w.window_end,
        counted.segment_name,
        counted.segment_value,
        counted.column_name
    from touched_windows as w
    inner join counted on w.window_grain = counted.window_grain and w.window_start = counted.window_start
    where counted.segment_name <> '__all__'

),

joined as (

    select
        s.window_grain, s.window_start, s.window_end, s.segment_name, s.segment_value, s.column_name, c.column_role, c.column_kind,
        {%- for name in counts.keys() | list + ['top_value_count'] %}
        coalesce(counted.{{ name }}, 0) as {{ name }},
        {%- endfor %}
        case when c.column_kind = 'categorical' then counted.occupied_categories else occupied.occupied_cells end as occupied_cells,
        {{ 'exact_distinct.distinct_count' if asked else 'cast(null as bigint)' }} as distinct_count,
        {{ 'told_labels.label_association' if has_reference else 'null' }} as label_association,
        {{ 'told_labels.label_association_rows' if has_reference else 'null' }} as label_association_rows,
        {%- if label_names %}
        case when s.window_grain = 'day' and s.segment_name = '__all__' and c.column_role = 'feature' then {{ 'case when s.column_name in ('
            ~ ml_monitor.string_list(alike.names) ~ ') then 1 else 0 end' if alike.names else '0' }} end as label_like_name,
        {%- else %}
        null as label_like_name,
        {%- endif %}
        {%- for name in ['p1', 'p50', 'p99'] %}
        {#- What rounding leaves of 0 is 0. #}
        case
            when abs(grid.center + grid.scale * percentiles.{{ name }}) > 1e-12 * grid.scale
                then grid.center + grid.scale * percentiles.{{ name }}
            else 0 * percentiles.{{ name }}
        end as {{ name }}{{ ',' if not loop.last }}
        {%- endfor %}
    from subjects as s
    inner join declared_columns as c on s.column_name = c.column_name
    left join counted on {% for key in keys %}s.{{ key }} = counted.{{ key }}{{ ' and ' if not loop.last }}{% endfor %}
    left join percentiles
        on s.segment_name = '__all__' and s.window_grain = percentiles.window_grain and s.window_start = percentiles.window_start
            and s.column_name = percentiles.column_name
    left join occupied
        on s.segment_name = '__all__' and s.window_grain = 'day' and s.window_start = occupied.window_start
            and s.column_name = occupied.column_name
    left join {{ ml_monitor.numeric_grid(monitor) }} as grid on s.column_name = grid.column_name
    {%- if has_reference %}
    left join told_labels
        on s.segment_name = '__all__' and s.window_grain = 'day' and s.column_name = told_labels.column_name
    {%- endif %}
    {%- if asked %}
    left join exact_distinct
        on s.segment_name = '__all__' and s.window_grain = exact_distinct.window_grain and s.window_start = exact_distinct.window_start
            and s.column_name = exact_distinct.column_name
    {%- endif %}

),

measured as (

    select
        joined.*,
        {%- for name in counts if name not in ['row_count', 'value_count'] %}
        {{ ml_monitor.ratio(name, 'row_count') }} as {{ name.replace('_count', '_rate') }},
        {%- endfor %}
        {%- for name, sides in ml_monitor.bounded_rates().items() %}
        {%- for side in sides %}
        {{ ml_monitor.wilson(name ~ '_count', 'row_count', side) }} as {{ name }}_rate_{{ side }},
        {%- endfor %}
        {%- endfor %}
        {{ ml_monitor.ratio('top_value_count', 'value_count') }} as top_value_share
    from joined

),

{{ ml_monitor.final_select(monitor, 'data_quality', 'measured', keys, declaration_hash, {
    'model_version': "'__all__'",
    'training_state': "case when window_grain = 'day' then (select training_state from training_state) end" if has_reference else 'null',
}) }}
{%- endcall %}
{% endmacro %}


{#-
  The CTE `exact_distinct` (window_grain, window_start, column_name, distinct_count) of the days to write.
  Arguments: columns (list: those that declare exact_distinct), log (relation).
-#}
{% macro exact_distinct(columns, log) -%}
exact_distinct as (
    {% for column in columns %}
    {%- for grain in ['hour', 'day'] %}
    select
        '{{ grain }}' as window_grain,
        {{ ml_monitor.truncate(grain, 'ml_event_hour') }} as window_start,
        {{ ml_monitor.string_literal(column.name) }} as column_name,
        count(distinct {{ column.sql }}) as distinct_count
    from {{ log }}
    where ml_row_state = 'current' and {{ ml_monitor.truncate('day', 'ml_event_hour') }} in (select day from touched_days)
    group by {{ ml_monitor.truncate(grain, 'ml_event_hour') }}
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}

),
{%- endmacro %}


{#-
  How numbers are spread, from the cells of the profile: the CTEs `occupied` (window_start, column_name, occupied_cells) and `percentiles`
  (window_grain, window_start, column_name, p1, p50, p99).
  Arguments: profile (relation <m>__hourly_profile).
-#}
{% macro quality_percentiles(profile) -%}
-- Of fewer than 100 values the 1st percentile is the least.
large_hours as (

    select window_start, column_name
    from counted
    where window_grain = 'hour' and value_count >= 100

),

-- Numbers by cell: of hours as they are kept, of days summed.
hour_cells as (

    select p.window_grain, p.window_start, p.column_name, p.slot, p.cell, p.model_version, p.row_count, p.z_sum
    from {{ ml_monitor.aliased(profile, 'p') }}
    inner join declared_columns as c on p.column_name = c.column_name
    where
        c.column_kind = 'numeric' and p.slot >= 0 and p.segment_name = '__all__'
        {%- if ml_monitor.is_incremental() %}
        and {{ ml_monitor.truncate('day', 'p.window_start') }} in (select day from touched_days)
        {%- endif %}

),

cells as (

    select window_grain, window_start, column_name, slot, cell, model_version, row_count, z_sum
    from hour_cells
    where window_grain = 'hour' and exists (select 1 from large_hours where large_hours.window_start = hour_cells.window_start
        and large_hours.column_name = hour_cells.column_name)
    union all
    select
        'day' as window_grain,
        {{ ml_monitor.truncate('day', 'window_start') }} as window_start,
        column_name,
        slot,
        cell,
        '__all__' as model_version,
        sum(row_count) as row_count,
        sum(z_sum) as z_sum
    from hour_cells
    group by {{ ml_monitor.truncate('day', 'window_start') }}, column_name, slot, cell

),

occupied as (

    select window_start, column_name, count(*) as occupied_cells
    from cells
    where window_grain = 'day'
    group by window_start, column_name

),

{{ ml_monitor.quantiles_from_cells('cells', ['window_grain', 'window_start', 'column_name'], {'p1': 0.01, 'p50': 0.5, 'p99': 0.99},
    'percentiles', order_by='slot, cell, model_version') }}
{%- endmacro %}


{#- What is counted of each column, as name -> SQL over a slot (alias s), its column (alias c) and its grid if that has numbers (alias
  codes). -#}
{% macro quality_counts() %}
    {%- set flags = {} -%}
    {%- for name in ml_monitor.profile_flags() -%}{%- do flags.update({name: 's.' ~ name}) -%}{%- endfor -%}
    {#- A column of codes such as 08540 has numbers anyway. -#}
    {%- do flags.update({'numeric_text_count': 'case when codes.column_name is null then s.numeric_text_count else 0 end'}) -%}
    {%- do return(dict({
        'row_count': 's.row_count',
        'value_count': 'case when s.slot >= 0 then s.row_count else 0 end',
        'null_count': 'case when s.slot = -1 then s.row_count else 0 end',
        'nan_count': 'case when s.slot = -2 then s.row_count else 0 end',
        'infinite_count': 'case when s.slot in (-3, -4) then s.row_count else 0 end',
        'nonzero_count': 'case when s.slot >= 0 then s.row_count - s.zero_count when s.slot < -2 then s.row_count else 0 end',
        'outside_reference_count': "case when c.column_kind = 'numeric' and s.slot in (0, 2 * c.edges) then s.row_count else 0 end",
        'unseen_count': "case when c.column_kind = 'categorical' and s.slot = 0 then s.row_count else 0 end",
    }, **flags)) -%}
{% endmacro %}


{#- The columns of <m>__data_quality. -#}
{% macro data_quality_columns() %}
    {%- do return(ml_monitor.listed_columns([
        ['data_quality_id', 'string', 'md5 of monitor, window_grain, window_start, segment and column_name.'],
        'monitor', 'window_grain', 'window_start', 'window_end',
        ['model_version', 'Always `__all__`.'],
        'segment_name', 'segment_value', 'column_name', 'column_role', 'column_kind', 'row_count',
        ['value_count', 'bigint', 'Rows with a finite number, or a category.'],
        ['null_count', 'bigint', 'Rows that are NULL.'],
        ['nan_count', 'bigint', 'Rows that are NaN.'],
        ['infinite_count', 'bigint', 'Rows that are infinite or beyond 1e100 in magnitude.'],
        ['nonzero_count', 'bigint', 'Rows with a value other than zero; NULL and NaN are none.'],
        ['outside_reference_count', 'bigint', 'Rows whose number is below the first or above the last edge of the grid.'],
        ['unseen_count', 'bigint', 'Rows whose category is not in the grid; 0 for numbers.'],
        'zero_count', 'default_count', 'invalid_count', 'empty_count', 'clipped_count', 'numeric_text_count',
        ['top_value_count', 'bigint', 'Rows of the most frequent value: a category, or a number that is an edge of the grid.'],
        ['occupied_cells', 'bigint', 'Cells or categories with rows, `__other__` as one: a floor for the number of distinct values. For '
            'numbers by day only, totals.'],
        ['distinct_count', 'bigint', 'Distinct values, exact; only for columns that declare exact_distinct, and totals.'],
        'null_rate', 'nan_rate', 'infinite_rate', 'nonzero_rate', 'outside_reference_rate', 'unseen_rate', 'zero_rate', 'default_rate',
        'invalid_rate', 'empty_rate', 'clipped_rate', 'numeric_text_rate',
        ['top_value_share', 'double', 'top_value_count / value_count (0 to 1).'],
        'null_rate_low', 'null_rate_high', 'invalid_rate_low', 'invalid_rate_high', 'nonzero_rate_high', 'nan_rate_low',
        'infinite_rate_low', 'zero_rate_low', 'default_rate_low', 'empty_rate_low', 'clipped_rate_low', 'numeric_text_rate_low',
        'outside_reference_rate_low', 'unseen_rate_low',
        ['p1', 'double', '1st percentile of a number, in the unit of the column, from cells; NULL for segments, categories, and hours of '
            'fewer than 100 values.'],
        ['p50', 'double', 'Median of a number, in the unit of the column, from cells; NULL for segments, categories, and hours of fewer '
            'than 100 values.'],
        ['p99', 'double', '99th percentile of a number, in the unit of the column, from cells; NULL for segments, categories, and hours '
            'of fewer than 100 values.'],
        ['label_association', 'double', 'How well the feature alone tells the label of the training set (0 to 1), see macro '
            'label_association; of days and totals, the highest of its versions.'],
        ['label_association_rows', 'bigint', 'Rows of the training set it was computed from.'],
        ['label_like_name', 'int', '1 if the feature is named like the label, else 0; of days and totals.'],
        ['training_state', 'string', 'Fingerprint of the training set, of days; when it changes, they are rewritten.'],
        'rebuild_key', 'declaration_hash', 'ml_batch',
    ])) -%}
{% endmacro %}

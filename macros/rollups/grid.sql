{#-
  Model <m>__grid: how each column is counted, frozen when it is first written: one row per numeric column, with its edges, and one per
  categorical column and category.

  Edges are real values of the training set (minimum, nine deciles, maximum; 20 edges for a score), taken by rank, which
  is exact on every engine. A column that has no value in the training set gets them from its first days of serving with values that
  exist when it is first seen. The service's clocks have fixed edges, in powers of two.

  Categories are the most frequent values of the training set, at most var `ml_category_cap`; of a column without a value in it, those of
  its first days of serving with values. All other values are counted as `__other__`.

  Arguments: monitor (string).
  Columns: grid_columns. A new column is a new row. Kept by --full-refresh, unless var ml_renew_grids
  is true: `dbt build --full-refresh -s <m>__grid+ --vars '{ml_renew_grids: true}'` takes new edges and counts everything anew.
-#}
{% macro grid(monitor) %}
    {{- ml_monitor.monitor_model(
        monitor, reads=['stg_reference', 'inferences'], full_refresh=ml_monitor.renews_grids(), access='public'
    ) -}}
    {%- if execute -%}{{ ml_monitor.grid_select(monitor) }}{%- endif -%}
{% endmacro %}


{#- The select of <m>__grid. Arguments: monitor (string). -#}
{% macro grid_select(monitor) %}
    {%- set spec = ml_monitor.monitor_spec(monitor) -%}
    {%- set reference = ref('stg_' ~ monitor ~ '__reference') if ml_monitor.has_part(monitor, 'reference') else none -%}
    {%- set serving = ref(monitor ~ '__inferences') -%}
    {%- set trained = ml_monitor.training_columns(spec) -%}
    {%- set monitored = ml_monitor.monitored_columns(spec) | rejectattr('in_reference') | list + trained -%}
    {%- set numeric = monitored | selectattr('kind', 'equalto', 'numeric') | list -%}
    {%- set measured = numeric | rejectattr('role', 'in', ['latency_ms', 'ingest_lag']) | list -%}
    {%- set served = measured | rejectattr('in_reference') | list -%}
    {%- set event_time = ml_monitor.role_column(spec.inferences, 'event_time') -%}
    {%- set fixed = numeric | selectattr('role', 'in', ['latency_ms', 'ingest_lag']) | list -%}
    {%- set served_values = [] -%}
    {%- for column in served -%}{%- do served_values.append(ml_monitor.has_grid_value(column)) -%}{%- endfor -%}
    {%- set categorical = monitored | selectattr('kind', 'equalto', 'categorical') | list -%}
    {%- set counted_categories = categorical | rejectattr('role', 'in', ml_monitor.rule_roles() + ['proxy']) | list -%}
    {%- set fixed_categories = categorical | selectattr('role', 'in', ml_monitor.rule_roles() + ['proxy']) | list -%}
    {%- for column in counted_categories | rejectattr('in_reference') -%}
        {%- do served.append(column) -%}
        {%- do served_values.append(ml_monitor.has_grid_value(column)) -%}
    {%- endfor -%}
    {%- set text = ml_monitor.text_type() -%}
    {%- set literals = [] -%}
    {%- for column in monitored -%}{%- do literals.append([ml_monitor.string_literal(column.name)]) -%}{%- endfor -%}
    {%- set head -%}
-- The columns that have no grid yet.
new_columns as (

    select declared.column_name
    from (
        {{ ml_monitor.values_list(['column_name'], literals) | indent(8) }}
    ) as declared
    {%- if ml_monitor.is_incremental() %}
    where declared.column_name not in (select column_name from {{ this }})
    {%- endif %}

),
    {%- endset -%}
{%- call ml_monitor.select_if_any('grid', monitor, head, 'new_columns') %}

{% if served -%}
{{ ml_monitor.first_values(serving, event_time, served_values) }}

{% endif -%}
{% if trained -%}
{{ ml_monitor.values_missed_by_training(spec, trained, reference, serving) }}

{% endif -%}
{% if measured -%}
all_values as (
    {% for column in measured %}
    select
        {{ ml_monitor.string_literal(column.name) }} as column_name,
        {{ column.edges - 1 }} as steps,
        {{ ml_monitor.grid_value(column) }} as value
    {%- if column.in_reference %}
    from {{ reference }}
    where {{ ml_monitor.has_grid_value(column) }}
    {%- else %}
    from {{ serving }}
    cross join first_values
    where
        {{ ml_monitor.has_grid_value(column) }}
        and {{ event_time }} < {{ ml_monitor.first_values_end(spec, served, column) }}
    {%- endif %}
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
    {%- if trained | selectattr('kind', 'equalto', 'numeric') | list %}
    union all
    select column_name, steps, value from missed_numbers
    {%- endif %}

),

finite_values as (

    select column_name, steps, value from all_values where column_name in (select column_name from new_columns)

),

{%- set quartiles = {'quartile_1': 1, 'center': 2, 'quartile_3': 3} %}
{{ ml_monitor.edges_from_values('finite_values', quartiles) }}

-- Of columns whose quartiles are one value: how far the other values are from it.
distances as (

    select
        ranked.column_name,
        abs(ranked.value - edges.center) as distance,
        row_number() over (partition by ranked.column_name order by abs(ranked.value - edges.center)) as rank_number,
        count(*) over (partition by ranked.column_name) as row_count
    from ranked
    inner join edges on ranked.column_name = edges.column_name
    where ranked.value <> edges.center and edges.quartile_1 = edges.quartile_3

),

typical_distances as (

    select column_name, max(distance) as distance
    from distances
    where rank_number = {{ ml_monitor.greatest_of([1, ml_monitor.rank_of(1, 2, 'row_count')]) }}
    group by column_name

),
{%- endif %}

all_columns as (

    {% if measured -%}
    select
        edges.column_name,
        edges.center,
        case
            when edges.quartile_3 > edges.quartile_1 then edges.quartile_3 - edges.quartile_1
            when typical_distances.distance > 0 then typical_distances.distance
            when edges.center <> 0 then abs(edges.center)
            else {{ ml_monitor.float64(1) }}
        end as scale,
        {%- for k in range(20) %}
        coalesce(edges.edge_{{ '%02d' % k }}, {{ ml_monitor.float64("'Infinity'") }}) as edge_{{ '%02d' % k }},
        {%- endfor %}
        cast(edges.row_count as bigint) as row_count,
        case
            {%- if trained %}
            when edges.column_name in (select column_name from missed_columns) then 'serving'
            {%- endif %}
            when edges.column_name in ({{ ml_monitor.string_list(measured | selectattr('in_reference') | map(attribute='name') | list
                or ['']) }}) then 'training'
            else 'serving'
        end as grid_source
    from edges
    left join typical_distances on edges.column_name = typical_distances.column_name
    {%- endif %}
    {{- ml_monitor.fixed_grid_rows(fixed, measured) }}

),

{{ ml_monitor.grid_categories(spec, counted_categories, fixed_categories, served, reference, serving) }}

final as (

    select
        column_name,
        cast(null as {{ text }}) as category,
        cast(null as int) as category_rank,
        cast(null as boolean) as is_complete,
        cast(null as boolean) as has_numbers,
        center,
        scale,
        {%- for k in range(20) %}
        edge_{{ '%02d' % k }},
        {%- endfor %}
        row_count,
        cast(grid_source as {{ text }}) as grid_source
    from all_columns
    where column_name in (select column_name from new_columns)
    union all
    select
        column_name,
        category,
        cast(category_rank as int) as category_rank,
        category_count <= {{ spec.settings.category_cap }} as is_complete,
        has_numbers = 1 as has_numbers,
        {%- for name in ['center', 'scale'] %}
        {{ ml_monitor.float64('null') }} as {{ name }},
        {%- endfor %}
        {%- for k in range(20) %}
        {{ ml_monitor.float64('null') }} as edge_{{ '%02d' % k }},
        {%- endfor %}
        cast(row_count as bigint) as row_count,
        cast(null as {{ text }}) as grid_source
    from ranked_categories
    where
        category_rank <= {{ spec.settings.category_cap }}
        and column_name in (select column_name from new_columns)

)

select * from final
{%- endcall %}
{% endmacro %}


{#-
  The rows of the columns whose edges are fixed, in powers of two, and no row of a monitor without numeric columns: the rest of the CTE
  `all_columns`. Arguments: fixed, measured (lists of columns).
-#}
{% macro fixed_grid_rows(fixed, measured) -%}
    {%- for column in fixed %}
    {% if measured or not loop.first %}union all{% endif %}
    select
        {{ ml_monitor.string_literal(column.name) }} as column_name,
        {{ ml_monitor.float64(0) }} as center,
        {{ ml_monitor.float64(1) }} as scale,
        {%- for k in range(20) %}
        {{ ml_monitor.float64(2 ** (k - 2) if k < column.edges else "'Infinity'") }} as edge_{{ '%02d' % k }},
        {%- endfor %}
        cast(0 as bigint) as row_count,
        'fixed' as grid_source
    {%- endfor %}
    {%- if not measured and not fixed %}
    select
        cast(null as {{ ml_monitor.text_type() }}) as column_name,
        {{ ml_monitor.float64('null') }} as center,
        {{ ml_monitor.float64('null') }} as scale,
        {%- for k in range(20) %}
        {{ ml_monitor.float64('null') }} as edge_{{ '%02d' % k }},
        {%- endfor %}
        cast(null as bigint) as row_count,
        cast(null as {{ ml_monitor.text_type() }}) as grid_source
    where 1 = 0
    {%- endif %}
{%- endmacro %}


{#-
  The categories of each column by their frequency, as CTEs ending in `ranked_categories` (column_name, category, row_count, category_rank,
  has_numbers, category_count).
  Arguments: spec (dict of monitor_spec), counted, fixed (lists of columns whose categories are counted, or always the same), served (list
    of columns as first_values has them), reference (relation or none), serving (relation).
-#}
{% macro grid_categories(spec, counted, fixed, served, reference, serving) -%}
{%- set text = ml_monitor.text_type() -%}
{%- set event_time = ml_monitor.role_column(spec.inferences, 'event_time') -%}
category_counts as (
    {% for column in counted %}
    {%- set value = ml_monitor.value_text(column.sql, column.data_type, column.classes) %}
    select
        {{ ml_monitor.string_literal(column.name) }} as column_name,
        {{ value }} as value,
        count(*) as row_count
    {%- if column.in_reference %}
    from {{ reference }}
    where {{ ml_monitor.has_grid_value(column) }}
    {%- else %}
    from {{ serving }}
    cross join first_values
    where
        {{ ml_monitor.has_grid_value(column) }}
        and {{ event_time }} < {{ ml_monitor.first_values_end(spec, served, column) }}
    {%- endif %}
    group by {{ value }}
    {%- if not loop.last %}
    union all
    {%- elif counted | selectattr('in_reference') | list %}
    union all
    select column_name, value, row_count from missed_categories
    {%- endif %}
    {%- else %}
    select
        cast(null as {{ text }}) as column_name,
        cast(null as {{ text }}) as value,
        cast(null as bigint) as row_count
    where 1 = 0
    {%- endfor %}
    {%- for column in fixed %}
    {%- for category in ml_monitor.fixed_categories(column) %}
    union all
    select {{ ml_monitor.string_literal(column.name) }} as column_name, '{{ category }}' as value, cast({{ 1 if loop.first else 0 }}
        as bigint) as row_count
    {%- endfor %}
    {%- endfor %}

),

ranked_categories as (

    select
        column_name,
        {{ ml_monitor.category('value') }} as category,
        row_count,
        row_number() over (partition by column_name order by row_count desc, value) as category_rank,
        max(case when {{ ml_monitor.is_numeric_text('value') }} then 1 else 0 end) over (partition by column_name) as has_numbers,
        count(*) over (partition by column_name) as category_count
    from category_counts

),
{%- endmacro %}


{#- A value of a monitored numeric column as SQL: of a proxy its expression, which has a name in the rollups only. -#}
{% macro grid_value(column) %}{% do return(ml_monitor.float64(column.sql if column.expression else column.source_sql)) %}{% endmacro %}


{#- Whether a row has a value of a column that can be counted, as SQL: a finite number, or any category. -#}
{% macro has_grid_value(column) %}
    {%- if column.kind == 'numeric' -%}{%- do return(ml_monitor.grid_value(column) ~ ' between -1e100 and 1e100') -%}{%- endif -%}
    {%- do return(column.sql ~ ' is not null') -%}
{% endmacro %}


{#-
  What serving has of the columns of the training set that have no value there, such as a feature that came later: they are counted by their
  own first days with values.

  Arguments: spec, columns (list: training_columns), reference, serving (relations).
  CTEs, after new_columns: missed_columns (column_name), missed_numbers (column_name, steps, value), missed_categories (column_name,
    value, row_count); each of the latter two only if the training set has such columns.
-#}
{% macro values_missed_by_training(spec, columns, reference, serving) -%}
{%- set event_time = ml_monitor.role_column(spec.inferences, 'event_time') -%}
{%- set names = columns | map(attribute='name') | list -%}
{%- set has_value = {} -%}
{%- for column in columns -%}
    {%- do has_value.update({column.name: ml_monitor.has_grid_value(column)}) -%}
{%- endfor -%}
missed_columns as (

    select new_columns.column_name
    from (
        select
            {%- for name in names %}
            max(case when {{ has_value[name] }} then 1 else 0 end) as ml_has_{{ loop.index }}{{ ',' if not loop.last }}
            {%- endfor %}
        from {{ reference }}
    ) as found
    cross join new_columns
    where
        case new_columns.column_name
            {%- for name in names %}
            when {{ ml_monitor.string_literal(name) }} then coalesce(found.ml_has_{{ loop.index }}, 0)
            {%- endfor %}
        end = 0

),
{%- for kind, name in {'numeric': 'missed_numbers', 'categorical': 'missed_categories'}.items() %}
{%- set values, steps = [], [] %}
{%- for column in ml_monitor.monitored_columns(spec) if column.in_reference and column.kind == kind %}
    {%- do values.append([ml_monitor.string_literal(column.name), ml_monitor.grid_value(column) if kind == 'numeric'
        else ml_monitor.value_text(column.sql, column.data_type, column.classes)]) %}
    {%- do steps.append('when ' ~ ml_monitor.string_literal(column.name) ~ ' then ' ~ (column.edges - 1)) %}
{%- endfor %}
{%- if values %}

{{ name }} as (

    select
        column_name,
        {{ 'case column_name ' ~ ml_monitor.packed(steps, ' ') ~ ' end as steps' if kind == 'numeric' else 'count(*) as row_count' }},
        value
    from (
        select
            named.column_name, named.value, named.ml_event_time,
            min(named.ml_event_time) over (partition by named.column_name) as first_time
        from (
            {{ ml_monitor.values_of_columns('(select *, ' ~ event_time ~ ' as ml_event_time from ' ~ serving ~ ')', ['ml_event_time'],
                values) | indent(8) }}
        ) as named
        inner join missed_columns on named.column_name = missed_columns.column_name
        where named.value {{ 'between -1e100 and 1e100' if kind == 'numeric' else 'is not null' }}
    ) as dated
    where ml_event_time < {{ ml_monitor.date_add('day', spec.settings.baseline_days, ml_monitor.truncate('day', 'first_time')) }}
    {%- if kind == 'categorical' %}
    group by column_name, value
    {%- endif %}

),
{%- endif %}
{%- endfor %}
{%- endmacro %}


{#-
  The CTE `first_values`, of one row: the day since when each column that no training set has has values.

  Arguments: serving (relation), event_time (SQL), conditions (list of SQL, true where the column has a value).
-#}
{% macro first_values(serving, event_time, conditions) -%}
-- The first day with values of each column that no training set has.
first_values as (

    select
        {%- for condition in conditions %}
        {%- set first_time = 'min(case when ' ~ condition ~ ' then ' ~ event_time ~ ' end)' %}
        {{ ml_monitor.truncate('day', first_time) }} as ml_first_day_{{ loop.index }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ serving }}

),
{%- endmacro %}


{#-
  The time, as SQL, up to which a column's values in serving make its grid (var ml_baseline_days); `served` are the columns in the order of
  first_values.
-#}
{% macro first_values_end(spec, served, column) %}
    {%- do return(ml_monitor.date_add('day', spec.settings.baseline_days, 'first_values.ml_first_day_'
        ~ ((served | map(attribute='name') | list).index(column.name) + 1))) -%}
{% endmacro %}


{#- Whether --full-refresh also takes new edges and categories (var ml_renew_grids): what is counted by is frozen otherwise. -#}
{% macro renews_grids() %}
    {%- do return(none if ml_monitor.setting('renew_grids') else false) -%}
{% endmacro %}


{#- The columns of <m>__grid: lists of name, type and description. -#}
{% macro grid_columns() %}
    {%- set ns = namespace(columns=[
        ['column_name', 'string', 'Monitored column; `__ingest_lag_minutes__` is the time from event to ingest, `__<column>_norm__` the '
            'norm of an embedding.'],
        ['category', 'string', 'Value of a categorical column as text; a real value such as `__all__`, `__other__` or `__null__` has '
            '`=` in front. NULL for numeric columns.'],
        ['category_rank', 'int', 'Rank of the category by frequency; 1 is the most frequent.'],
        ['is_complete', 'boolean', 'True if no value of the source was left out, so that `__other__` means unseen. NULL for numeric '
            'columns.'],
        ['center', 'double', 'Median, in the unit of the column. NULL for categories.'],
        ['scale', 'double', 'Interquartile range, in the unit of the column, above 0; if that is 0 the median distance of the other '
            'values from the center, then |center|, then 1.'],
    ]) -%}
    {%- for k in range(20) -%}
        {%- set ns.columns = ns.columns + [['edge_%02d' % k, 'double', 'Edge ' ~ k
            ~ ' in rising order, in the unit of the column; Infinity beyond the last edge.']] -%}
    {%- endfor -%}
    {%- do return(ns.columns + [
        ['row_count', 'bigint', 'Rows that the edges come from, 0 if they are fixed; of a category, rows of the source with the value.'],
        ['grid_source', 'string', 'Where the edges come from: training, serving or fixed. NULL for categories.'],
    ]) -%}
{% endmacro %}

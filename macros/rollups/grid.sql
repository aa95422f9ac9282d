{#-
  Model <m>__grid: how each column is counted, frozen when it is first written: one row per numeric column, with its edges, and one per
  categorical column and category.

  Edges are real values of the training set (minimum, nine deciles, maximum; 20 edges for a score), taken by rank, which
  is exact on every engine. A column that is not in the training set gets them from its first days of serving with values that
  exist when it is first seen. The service's clocks have fixed edges, in powers of two.

  Categories are the most frequent values of the training set, at most var `ml_category_cap`; of a column that is not in it, those of its
  first days of serving with values. All other values are counted as `__other__`.

  Arguments: monitor (string).
  Columns: grid_columns. A new column is a new row. Kept by --full-refresh, unless var ml_renew_grids
  is true: `dbt build --full-refresh -s <m>__grid+ --vars '{ml_renew_grids: true}'` takes new edges and counts everything anew.
-#}
{% macro grid(monitor) %}
    {{- ml_monitor.monitor_model(monitor, reads=['stg_reference', 'inferences'], full_refresh=ml_monitor.renews_grids()) -}}
    {%- if execute -%}{{ ml_monitor.grid_select(monitor) }}{%- endif -%}
{% endmacro %}


{#- The select of <m>__grid. Arguments: monitor (string). -#}
{% macro grid_select(monitor) %}
    {%- set spec = ml_monitor.monitor_spec(monitor) -%}
    {%- set reference = ref('stg_' ~ monitor ~ '__reference') if ml_monitor.has_part(monitor, 'reference') else none -%}
    {%- set serving = ref(monitor ~ '__inferences') -%}
    {%- set monitored = ml_monitor.monitored_columns(spec) | rejectattr('in_reference') | list + ml_monitor.training_columns(spec) -%}
    {%- set numeric = monitored | selectattr('kind', 'equalto', 'numeric') | list -%}
    {%- set measured = numeric | rejectattr('role', 'in', ['latency_ms', 'ingest_lag']) | list -%}
    {%- set served = measured | rejectattr('in_reference') | list -%}
    {%- set event_time = ml_monitor.role_column(spec.inferences, 'event_time') -%}
    {%- set fixed = numeric | selectattr('role', 'in', ['latency_ms', 'ingest_lag']) | list -%}
    {%- set served_values = [] -%}
    {%- for column in served -%}
        {#- Whatever has one can be counted. -#}
        {%- do served_values.append(ml_monitor.grid_value(column) ~ ' between -1e100 and 1e100') -%}
    {%- endfor -%}
    {%- set categorical = monitored | selectattr('kind', 'equalto', 'categorical') | list -%}
    {%- set counted_categories = categorical | rejectattr('role', 'in', ml_monitor.rule_roles() + ['proxy']) | list -%}
    {%- set fixed_categories = categorical | selectattr('role', 'in', ml_monitor.rule_roles() + ['proxy']) | list -%}
    {%- for column in counted_categories | rejectattr('in_reference') -%}
        {%- do served.append(column) -%}
        {%- do served_values.append(column.sql ~ ' is not null') -%}
    {%- endfor -%}
    {%- set text = ml_monitor.text_type() -%}
-- ml_monitor.grid('{{ monitor }}')
with

{% if served -%}
{{ ml_monitor.first_values(serving, event_time, served_values) }}

{% endif -%}
{% if measured -%}
finite_values as (
    {% for column in measured %}
    {%- set value = ml_monitor.grid_value(column) %}
    select
        {{ ml_monitor.string_literal(column.name) }} as column_name,
        {{ column.edges - 1 }} as steps,
        {{ value }} as value
    {%- if column.in_reference %}
    from {{ reference }}
    where
        {{ value }} between -1e100 and 1e100
    {%- else %}
    from {{ serving }}
    cross join first_values
    where
        {{ value }} between -1e100 and 1e100
        and {{ event_time }} < {{ ml_monitor.first_values_end(spec, served, column) }}
    {%- endif %}
        {%- if ml_monitor.is_incremental() %}
        and {{ ml_monitor.string_literal(column.name) }} not in (select column_name from {{ this }})
        {%- endif %}
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}

),

{{ ml_monitor.edges_from_values('finite_values') }}

quartiles as (

    select
        column_name,
        max(row_count) as row_count,
        {%- for name, k in [('quartile_1', 1), ('center', 2), ('quartile_3', 3)] %}
        max(case when rank_number = {{ ml_monitor.greatest_of([1, ml_monitor.rank_of(k, 4, 'row_count')]) }} then value end)
            as {{ name }}{{ ',' if not loop.last }}
        {%- endfor %}
    from ranked
    group by column_name

),

distances as (

    select
        ranked.column_name,
        abs(ranked.value - quartiles.center) as distance,
        row_number() over (partition by ranked.column_name order by abs(ranked.value - quartiles.center)) as rank_number,
        count(*) over (partition by ranked.column_name) as row_count
    from ranked
    inner join quartiles on ranked.column_name = quartiles.column_name
    where ranked.value <> quartiles.center and quartiles.quartile_1 = quartiles.quartile_3

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
        quartiles.column_name,
        quartiles.center,
        case
            when quartiles.quartile_3 > quartiles.quartile_1 then quartiles.quartile_3 - quartiles.quartile_1
            when typical_distances.distance > 0 then typical_distances.distance
            when quartiles.center <> 0 then abs(quartiles.center)
            else {{ ml_monitor.float64(1) }}
        end as scale,
        {%- for k in range(20) %}
        coalesce(edges.edge_{{ '%02d' % k }}, {{ ml_monitor.float64("'Infinity'") }}) as edge_{{ '%02d' % k }},
        {%- endfor %}
        cast(quartiles.row_count as bigint) as row_count,
        case quartiles.column_name
            {%- for column in measured %}
            when {{ ml_monitor.string_literal(column.name) }} then '{{ 'training' if column.in_reference else 'serving' }}'
            {%- endfor %}
        end as grid_source
    from quartiles
    inner join edges on quartiles.column_name = edges.column_name
    left join typical_distances on quartiles.column_name = typical_distances.column_name
    {%- endif %}
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

),

{{ ml_monitor.grid_categories(spec, counted_categories, fixed_categories, served, reference, serving) }}

final as (

    select
        column_name,
        cast(null as {{ text }}) as category,
        cast(null as int) as category_rank,
        cast(null as boolean) as is_complete,
        center,
        scale,
        {%- for k in range(20) %}
        edge_{{ '%02d' % k }},
        {%- endfor %}
        row_count,
        cast(grid_source as {{ text }}) as grid_source
    from all_columns
    {%- if ml_monitor.is_incremental() %}
    where column_name not in (select column_name from {{ this }})
    {%- endif %}
    union all
    select
        column_name,
        category,
        cast(category_rank as int) as category_rank,
        category_count <= {{ spec.settings.category_cap }} as is_complete,
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
        {%- if ml_monitor.is_incremental() %}
        and column_name not in (select column_name from {{ this }})
        {%- endif %}

)

select * from final
{% endmacro %}


{#-
  The categories of each column by their frequency, as CTEs ending in `ranked_categories` (column_name, category, row_count, category_rank,
  category_count).
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
    where {{ column.sql }} is not null
    {%- else %}
    from {{ serving }}
    cross join first_values
    where
        {{ column.sql }} is not null
        and {{ event_time }} < {{ ml_monitor.first_values_end(spec, served, column) }}
    {%- endif %}
    group by {{ value }}
    {%- if not loop.last %}
    union all
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
        count(*) over (partition by column_name) as category_count
    from category_counts

),
{%- endmacro %}


{#- A value of a monitored numeric column as SQL: of a proxy its expression, which has a name in the rollups only. -#}
{% macro grid_value(column) %}{% do return(ml_monitor.float64(column.sql if column.expression else column.source_sql)) %}{% endmacro %}


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

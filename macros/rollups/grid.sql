{#-
  Model <m>__grid: how each numeric column is counted, one row per column, frozen when it is first written.

  Edges are real values of the training set (minimum, nine deciles, maximum; 20 edges for a score), taken by rank, which
  is exact on every engine. A column that is not in the training set gets them from its first days of serving with values that
  exist when it is first seen. The service's clocks have fixed edges, in powers of two.

  Arguments: monitor (string).
  Columns: column_name, center (median), scale (interquartile range; if 0 the median distance of the rows off the centre;
  if none, |center|; else 1), edge_00 ... edge_19 (Infinity beyond a column's last edge), row_count (rows they came from),
  grid_source (training, serving, fixed). A new column is a new row. Kept by --full-refresh, unless var ml_renew_grids
  is true: `dbt build --full-refresh -s <m>__grid+ --vars '{ml_renew_grids: true}'` takes new edges and counts everything anew.
-#}
{% macro grid(monitor) %}
    {{- config(materialized='incremental', incremental_strategy='append', full_refresh=ml_monitor.renews_grids(), on_schema_change='append_new_columns', sql_header=ml_monitor.planner_settings()) -}}
    {%- set spec = ml_monitor.monitor_spec(monitor) -%}
    {%- set reference = ref('stg_' ~ monitor ~ '__reference') if ml_monitor.has_part(monitor, 'reference') else none -%}
    {%- set serving = ref(monitor ~ '__inferences') -%}
    {%- set numeric = ml_monitor.monitored_columns(spec) | selectattr('kind', 'equalto', 'numeric') | list -%}
    {%- set measured = numeric | rejectattr('role', 'in', ['latency_ms', 'ingest_lag']) | list -%}
    {%- set served = measured | rejectattr('in_reference') | list -%}
    {%- set event_time = ml_monitor.role_column(spec.inferences, 'event_time') -%}
    {%- set fixed = numeric | selectattr('role', 'in', ['latency_ms', 'ingest_lag']) | list -%}
    {%- set served_values = [] -%}
    {%- for column in served -%}
        {#- Whatever has one can be counted. -#}
        {%- do served_values.append(ml_monitor.grid_value(column) ~ ' between -1e100 and 1e100') -%}
    {%- endfor -%}
    {%- set ctes -%}
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
        {%- if is_incremental() %}
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
        max(case when rank_number = {{ ml_monitor.greatest_of([1, ml_monitor.rank_of(k, 4, 'row_count')]) }} then value end) as {{ name }}{{ ',' if not loop.last }}
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
        cast(null as {{ dbt.type_string() }}) as column_name,
        {{ ml_monitor.float64('null') }} as center,
        {{ ml_monitor.float64('null') }} as scale,
        {%- for k in range(20) %}
        {{ ml_monitor.float64('null') }} as edge_{{ '%02d' % k }},
        {%- endfor %}
        cast(null as bigint) as row_count,
        cast(null as {{ dbt.type_string() }}) as grid_source
    where 1 = 0
    {%- endif %}

),

final as (

    select *
    from all_columns
    {%- if is_incremental() %}
    where column_name not in (select column_name from {{ this }})
    {%- endif %}

)
    {%- endset -%}
{{ ml_monitor.select_if_any('grid', monitor, ctes) }}
{% endmacro %}


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
        {{ ml_monitor.truncate('day', 'min(case when ' ~ condition ~ ' then ' ~ event_time ~ ' end)') }} as first_day_{{ loop.index }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ serving }}

),
{%- endmacro %}


{#- The time, as SQL, up to which a column's values in serving make its grid (var ml_baseline_days); `served` are the columns in the order of first_values. -#}
{% macro first_values_end(spec, served, column) %}
    {%- do return(ml_monitor.date_add('day', spec.settings.baseline_days, 'first_values.first_day_' ~ ((served | map(attribute='name') | list).index(column.name) + 1))) -%}
{% endmacro %}


{#- Whether --full-refresh also takes new edges and categories (var ml_renew_grids): what is counted by is frozen otherwise. -#}
{% macro renews_grids() %}
    {%- do return(none if ml_monitor.setting('renew_grids') else false) -%}
{% endmacro %}

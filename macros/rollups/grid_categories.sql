{#-
  Model <m>__grid_categories: the values each categorical column is counted by, one row per column and value, frozen
  when the column is first seen: the most frequent ones of the training set,
  at most var `ml_category_cap`. A column that is not in the training set is counted by the values of its first days of serving with values that exist when it is first seen. Everything else is counted as `__other__`.

  Arguments: monitor (string).
  Columns: column_name, category (escaped, see `category`), category_rank (1 is the most frequent), row_count (rows of the
  source with the value), is_complete (true when no value of the source was left out, so that `__other__` is unseen).
-#}
{% macro grid_categories(monitor) %}
    {{- config(materialized='incremental', incremental_strategy='append', full_refresh=ml_monitor.renews_grids(), on_schema_change='append_new_columns', sql_header=ml_monitor.planner_settings()) -}}
    {%- set spec = ml_monitor.monitor_spec(monitor) -%}
    {%- set reference = ref('stg_' ~ monitor ~ '__reference') if ml_monitor.has_part(monitor, 'reference') else none -%}
    {%- set serving = ref(monitor ~ '__inferences') -%}
    {%- set categorical = ml_monitor.monitored_columns(spec) | selectattr('kind', 'equalto', 'categorical') | list -%}
    {%- set columns = categorical | rejectattr('role', 'in', ml_monitor.rule_roles() + ['proxy']) | list -%}
    {%- set fixed = categorical | selectattr('role', 'in', ml_monitor.rule_roles() + ['proxy']) | list -%}
    {%- set served = columns | rejectattr('in_reference') | list -%}
    {%- set served_values = [] -%}
    {%- for column in served -%}
        {%- do served_values.append(column.sql ~ ' is not null') -%}
    {%- endfor -%}
    {%- set event_time = ml_monitor.role_column(spec.inferences, 'event_time') -%}
    {%- set text = dbt.type_string() -%}
    {%- set ctes -%}
{% if served -%}
{{ ml_monitor.first_values(serving, event_time, served_values) }}

{% endif -%}
counted as (
    {% for column in columns %}
    select
        {{ ml_monitor.string_literal(column.name) }} as column_name,
        cast({{ column.sql }} as {{ text }}) as value,
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
    group by cast({{ column.sql }} as {{ text }})
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
    select {{ ml_monitor.string_literal(column.name) }} as column_name, '{{ category }}' as value, cast({{ 1 if loop.first else 0 }} as bigint) as row_count
    {%- endfor %}
    {%- endfor %}

),

ranked as (

    select
        column_name,
        {{ ml_monitor.category('value') }} as category,
        row_count,
        row_number() over (partition by column_name order by row_count desc, value) as category_rank,
        count(*) over (partition by column_name) as category_count
    from counted

),

final as (

    select
        column_name,
        category,
        cast(category_rank as int) as category_rank,
        cast(row_count as bigint) as row_count,
        category_count <= {{ spec.settings.category_cap }} as is_complete
    from ranked
    where
        category_rank <= {{ spec.settings.category_cap }}
        {%- if is_incremental() %}
        and column_name not in (select column_name from {{ this }})
        {%- endif %}

)
    {%- endset -%}
{{ ml_monitor.select_if_any('grid_categories', monitor, ctes) }}
{% endmacro %}

{#-
  Model <m>__grid_categories: the values each categorical column is counted by, one row per column and value, frozen
  when the column is first seen: the most frequent ones of the training set (of the first days of serving without one),
  at most var `ml_category_cap`. Everything else is counted as `__other__`.

  Arguments: monitor (string).
  Columns: column_name, category (escaped, see `category`), category_rank (1 is the most frequent), row_count (rows of the
  source with the value), is_complete (true when no value of the source was left out, so that `__other__` is unseen).
-#}
{% macro grid_categories(monitor) %}
    {{- config(materialized='incremental', incremental_strategy='append') -}}
    {%- set spec = ml_monitor.monitor_spec(monitor) -%}
    {%- set has_reference = ml_monitor.has_part(monitor, 'reference') -%}
    {%- set source = ref('stg_' ~ monitor ~ '__reference') if has_reference else ref(monitor ~ '__inferences') -%}
    {%- set available = (spec.reference if has_reference else spec.inferences) | map(attribute='name') | list -%}
    {%- set columns = ml_monitor.monitored_columns(spec) | selectattr('kind', 'equalto', 'categorical') | selectattr('name', 'in', available) | list -%}
    {%- set event_time = ml_monitor.role_column(spec.inferences, 'event_time') -%}
    {%- set text = dbt.type_string() -%}
-- ml_monitor.grid_categories('{{ monitor }}')
with

counted as (
    {% for column in columns %}
    select
        {{ ml_monitor.string_literal(column.name) }} as column_name,
        cast({{ column.sql }} as {{ text }}) as value,
        count(*) as row_count
    from {{ source }}
    where
        {{ column.sql }} is not null
        {%- if not has_reference %}
        and {{ event_time }} < (select {{ dbt.dateadd('day', ml_monitor.setting('baseline_days'), 'min(' ~ event_time ~ ')') }} from {{ source }})
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
        category_count <= {{ ml_monitor.setting('category_cap') }} as is_complete
    from ranked
    where category_rank <= {{ ml_monitor.setting('category_cap') }}

)

select * from final
{%- if is_incremental() %}
where column_name not in (select column_name from {{ this }})
{%- endif %}
{% endmacro %}


{#-
  A category or segment value as the tables write it. Real values that look like our own words (`__all__`, `__other__`,
  `__null__`), with or without `=` in front, get one more `=` in front, so the two never meet.
  Arguments: expression (SQL text). Returns: SQL text.
-#}
{% macro category(expression) %}
    {%- do return("case when trim(leading '=' from " ~ expression ~ ") in ('__all__', '__other__', '__null__') then '=' || "
        ~ expression ~ " else " ~ expression ~ " end") -%}
{% endmacro %}

{#-
  Counts of categorical columns by value: the counterpart of numeric_counts. Values are counted first and named after,
  so that the cost of naming does not grow with the rows.

  Arguments: as numeric_counts; `grid` is the relation <m>__grid.
  Returns: the same columns; slot is the rank of the value in the grid, 0 for `__other__`, -1 for NULL; cell is 0; example is the most
  frequent value that is not in the grid, see hourly_profile.
-#}
{% macro category_counts(relation, grid, keys, columns, few=false) %}
    {%- set text = ml_monitor.text_type() -%}
    {%- set values = [] -%}
    {%- set personal = columns | selectattr('personal') | map(attribute='name') | list -%}
    {%- set is_example = 'v.value is not null and c.category is null'
        ~ (' and v.column_name not in (' ~ ml_monitor.string_list(personal) ~ ')' if personal else '') -%}
    {%- set conditions = {'default_count': [], 'invalid_count': [], 'numeric_text_count': []} -%}
    {%- for column in columns -%}
        {%- set name = ml_monitor.string_literal(column.name) -%}
        {%- set is_column = 'v.column_name = ' ~ name ~ ' and ' -%}
        {%- do values.append([name, ml_monitor.value_text(column.source_sql, column.data_type, column.classes)]) -%}
        {%- if column.default_value is not none -%}
            {%- do conditions.default_count.append(is_column ~ 'v.value = ' ~ ml_monitor.string_literal(column.default_value)) -%}
        {%- endif -%}
        {%- if column.accepted_values or column.pattern -%}
            {%- do conditions.invalid_count.append(is_column ~ ml_monitor.is_unaccepted('v.value', column)) -%}
        {%- endif -%}
        {%- if ml_monitor.type_class(column.data_type) == 'text' -%}{%- do conditions.numeric_text_count.append(name) -%}{%- endif -%}
    {%- endfor -%}
    {%- set slot = 'case when v.value is null then -1 else coalesce(c.category_rank, 0) end' -%}
    {%- set category = "case when v.value is not null then coalesce(c.category, '__other__') end" %}
    select
        {{ keys | join(', ') }},
        v.column_name,
        {{ slot }} as slot,
        0 as cell,
        {{ category }} as category,
        max(case when {{ is_example }} then {{ ml_monitor.with_count('v.value', 'v.row_count') }} end) as example,
        cast(sum(v.row_count) as bigint) as row_count,
        {{ ml_monitor.float64(0) }} as z_sum,
        {{ ml_monitor.float64(0) }} as z_squared_sum,
        {%- for name, condition in [
            ['zero_count', "v.value = '0'"],
            ['default_count', conditions.default_count | join(' or ')],
            ['invalid_count', conditions.invalid_count | join(' or ')],
            ['empty_count', ml_monitor.is_empty_text('v.value')],
            ['clipped_count', ''],
            ['numeric_text_count', 'v.column_name in (' ~ conditions.numeric_text_count | join(', ') ~ ') and '
                ~ ml_monitor.is_numeric_text('v.value') if conditions.numeric_text_count else ''],
        ] %}
        cast({{ 'sum(case when ' ~ condition ~ ' then v.row_count else 0 end)' if condition else 0 }} as bigint) as {{ name }}{{ ','
            if not loop.last }}
        {%- endfor %}
    from (
        select {{ keys | join(', ') }}, column_name, value, count(*) as row_count
        from (
            {{ ml_monitor.values_of_columns(relation, keys, values, few) }}
        ) as named
        group by {{ keys | join(', ') }}, column_name, value
    ) as v
    left join {{ ml_monitor.aliased(grid, 'c') }} on v.column_name = c.column_name and c.category = {{ ml_monitor.category('v.value') }}
    group by {{ keys | join(', ') }}, v.column_name, {{ slot }}, {{ category }}
{%- endmacro %}

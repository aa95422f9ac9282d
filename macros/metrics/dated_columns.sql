{#-
  Declared columns with each baseline that they have, as the CTE `dated_columns`: declared_columns, baseline_since and baseline_until, from
  when to when a window is compared with the baseline. Nothing that a change lies in is compared with either.
  Arguments: monitor (string).
-#}
{% macro dated_columns(monitor) -%}
dated_columns as (

    select declared_columns.*, dates.baseline_since, dates.baseline_until
    from declared_columns
    inner join (
        select
            column_name,
            baseline_since,
            {{ ml_monitor.until_next_change('column_name') }} as baseline_until
        from (
            select column_name, {{ ml_monitor.first_baseline() }} as changed_on, {{ ml_monitor.first_baseline() }} as baseline_since
            from declared_columns
            union
            select declared_columns.column_name, expected_changes.changed_on, expected_changes.baseline_since
            from declared_columns
            inner join ({{ ml_monitor.expected_changes(monitor) }}) as expected_changes
                on expected_changes.subject in ('*', declared_columns.column_name) and expected_changes.category in ('*', 'drift')
        ) as starts
    ) as dates on declared_columns.column_name = dates.column_name

),
{%- endmacro %}

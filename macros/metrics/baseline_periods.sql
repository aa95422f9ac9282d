{#-
  The periods that have a baseline of their own, as a CTE: baseline_since (of its baseline), period_start and period_end (timestamps,
  half-open). A window that begins in a period is compared with its baseline.
  Arguments: monitor (string), categories (list of strings), name (string, of the CTE).
-#}
{% macro baseline_periods(monitor, categories, name) -%}
{%- set changes = ml_monitor.expected_changes(monitor) -%}
{{ name }} as (

    select
        baseline_since,
        changed_on as period_start,
        {{ ml_monitor.until_next_change() }} as period_end
    from (
        select {{ ml_monitor.first_baseline() }} as changed_on, {{ ml_monitor.first_baseline() }} as baseline_since
        {%- if changes %}
        union
        select changed_on, baseline_since
        from ({{ changes }}) as expected_changes
        where subject = '*' and category in ('*', '{{ categories | join("', '") }}')
        {%- endif %}
    ) as starts

),
{%- endmacro %}

{#-
  The expected changes of a monitor, such as a launch or a new price: rows of the seed or model that var ml_expected_changes names. From a
  change on, what it names has a new baseline. Its columns: monitor (or `*`), category (`drift`, `volume`, or `*`), subject (a column, or
  `*`), changed_at (timestamp, UTC), owner, reason.

  Arguments: monitor (string).
  Returns: a select of monitor, category, subject, changed_at, changed_on (the day of the change), baseline_since (the first whole day
    after it); none without the var.
-#}
{% macro expected_changes(monitor) %}
    {%- set name = var('ml_expected_changes', none) -%}
    {%- if not name -%}{%- do return(none) -%}{%- endif -%}
    {%- set changed_at = 'cast(changed_at as timestamp)' -%}
    {%- set day = ml_monitor.truncate('day', changed_at) -%}
    {%- set next_day = 'cast(' ~ ml_monitor.date_add('day', 1, day) ~ ' as timestamp)' -%}
    {%- set since = 'case when ' ~ day ~ ' = ' ~ changed_at ~ ' then ' ~ day ~ ' else ' ~ next_day ~ ' end' -%}
    {%- do return('select monitor, category, subject, ' ~ changed_at ~ ' as changed_at, ' ~ day ~ ' as changed_on, ' ~ since
        ~ ' as baseline_since from ' ~ ml_monitor.own_relation(name) ~ " where monitor in ('*', '" ~ monitor ~ "')") -%}
{% endmacro %}

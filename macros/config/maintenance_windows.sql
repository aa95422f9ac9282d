{#-
  The maintenance windows of a monitor: rows of the seed ml_maintenance_windows, and of the seed or model that var
  `ml_maintenance_windows` names, since a project that installs ml_monitor cannot edit a seed of it. Columns: monitor (or `*`), starts_at
  and ends_at (timestamps, UTC).

  Arguments: monitor (string). Returns: a select of starts_at and ends_at.
-#}
{% macro maintenance_windows(monitor) -%}
{%- set name = var('ml_maintenance_windows', none) -%}
{%- for relation in [ref('ml_monitor', 'ml_maintenance_windows')] + ([ml_monitor.own_relation(name)] if name else []) -%}
select cast(starts_at as timestamp) as starts_at, cast(ends_at as timestamp) as ends_at
from {{ relation }}
where monitor in ('*', '{{ monitor }}')
{%- if not loop.last %}
union all
{% endif -%}
{%- endfor -%}
{%- endmacro %}

{#-
  All policy rows: the union of the seeds that var `ml_policy_seeds` names (default: ml_policy_rules, and the demo's own rows
  in this project), and of the limits that columns declare: `max_null_rate` fails by day. A project adds a seed of its own to the
  list, or replaces the default.
  Returns: a select.
-#}
{% macro policy_rules() -%}
    {%- set demo = ['demo_policy_rules'] if project_name == 'ml_monitor' else [] -%}
    {%- set seeds = var('ml_policy_seeds', ['ml_policy_rules'] + demo) -%}
    {%- for seed in seeds -%}
    {%- set seed = 'ml_monitor.ml_policy_rules' if seed == 'ml_policy_rules' else seed -%}
    select {{ ml_monitor.policy_columns() | join(', ') }} from {{ ml_monitor.own_relation(seed) }}
    {%- if not loop.last %}
    union all
    {% endif %}
    {%- endfor -%}
    {%- for monitor in ml_monitor.ml_monitors() if execute -%}
    {%- for column in ml_monitor.staging_columns(monitor, 'inferences') if column.max_null_rate is not none %}
    union all
    {%- set policy_id = ml_monitor.string_literal('declared-null-' ~ monitor ~ '-' ~ column.name) -%}
    {%- set subject = ml_monitor.string_literal(column.name) %}
    select {{ policy_id }}, '{{ monitor }}', 'null_rate', 'day', 'none', '__all__', {{ subject }},
        null, null, null, {{ column.max_null_rate }}, 100, 'max_null_rate of the column'
    {%- endfor -%}
    {%- endfor -%}
{%- endmacro %}

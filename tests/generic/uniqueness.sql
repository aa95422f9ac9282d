{#-
  Fails when the key of a table repeats, or its repeats conflict or arrive late.

  Arguments:
    keys (list of columns), ingest_column (optional), replay_after_minutes (default 60), ignore (list of columns that may differ in an
      exact duplicate, default the ingest column); see macro uniqueness
    warn, fail: dicts of duplicate_rate, exact_duplicate_rate, conflicting_duplicate_rate, replay_rate (needs ingest_column), each an
      upper limit
    min_rows (default 1: fewer rows with a whole key only warn), group_by (list of columns, optional: a key repeats within its group)
  Rows: status, metric, value, threshold, message: one per limit that is passed.
  Raises: no key; a limit without the argument it needs.
-#}
{% test uniqueness(model, keys, ingest_column=none, replay_after_minutes=60, ignore=none, warn=none, fail=none, min_rows=1, group_by=none) %}
{{- ml_monitor.configure_limits_test() -}}
{%- set about = ml_monitor.test_subject(model, ml_monitor.group_columns(keys) | join(', ')) -%}
{%- do ml_monitor.require_arguments('uniqueness', about, warn, fail, [
    [['replay_rate'], ingest_column is not none, 'ingest_column', 'keys: [' ~ ml_monitor.group_columns(keys) | join(', ') ~ '], ingest_column: loaded_at'],
]) -%}
{%- set limits = ['duplicate_rate', 'exact_duplicate_rate', 'conflicting_duplicate_rate', 'replay_rate'] -%}
{%- set ns = namespace(limits=[], compare=false) -%}
{%- set details = {} -%}
{%- for limit in limits -%}
    {%- set ns.limits = ns.limits + [[limit, 'above']] -%}
    {%- do details.update({limit: ml_monitor.counts_text(limit.replace('rate', 'count'), 'keyed_count', 'rows with a key')}) -%}
    {%- if limit in limits[1:3] and ((warn is mapping and limit in warn) or (fail is mapping and limit in fail)) -%}{%- set ns.compare = true -%}{%- endif -%}
{%- endfor -%}
with

measured as (

    {{ ml_monitor.uniqueness(model, keys, ingest_column, replay_after_minutes, ignore, group_by, ns.compare) | indent(4) }}

),

final as (
    {{ ml_monitor.judge_limits(
        values='measured', test='uniqueness', about=about, limits=ns.limits,
        warn=warn, fail=fail, rows='keyed_count', min_rows=min_rows, group_by=group_by, detail=details
    ) }}

)

select * from final
{% endtest %}

{#-
  Model <m>__history: what was believed, and when: one row per run, and one per check whose verdict is new or changed. Append-only, and not
  emptied by --full-refresh. People read it as ml_runs and ml_check_history.

  Arguments: monitor (string).
  Columns: history_columns.
-#}
{% macro history(monitor) %}
    {%- set rollup = 'hourly_outcomes' if ml_monitor.has_part(monitor, 'labels') else 'hourly_profile' -%}
    {{- ml_monitor.monitor_model(monitor, reads=['checks', 'inferences_log', 'labels_log', rollup], full_refresh=false, access='public') -}}
    {%- if execute -%}
    {%- set started = ml_monitor.timestamp_literal(run_started_at.strftime('%Y-%m-%d %H:%M:%S.%f')) -%}
    {%- set values = {'invocation_id': "'" ~ invocation_id ~ "'", 'as_of': ml_monitor.as_of(), 'recorded_at': started} -%}
-- ml_monitor.history('{{ monitor }}')
with

run as (

    {{ ml_monitor.runs_select(monitor) | indent(4) }}

),

changed_checks as (

    {{ ml_monitor.check_history_select(monitor) | indent(4) }}

),

final as (
    {% for record, source, own in [
        ('run', 'run', ml_monitor.runs_columns()), ('check', 'changed_checks', ml_monitor.check_history_columns()),
    ] %}
    {%- set own = own | map('first') | list %}
    {%- set listed = dict(values, record="'" ~ record ~ "'") %}
    {%- for column in ml_monitor.history_columns() if column[0] not in own and column[0] not in listed -%}
        {%- do listed.update({column[0]: 'null'}) -%}
    {%- endfor %}
    select
        {{ ml_monitor.typed_columns(ml_monitor.history_columns(), listed) | indent(8) }}
    from {{ source }}
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}

)

select * from final
    {%- endif -%}
{% endmacro %}


{#- The columns of <m>__history: those of ml_runs and of ml_check_history, each once. -#}
{% macro history_columns() %}
    {%- set columns = {'record': ['record', 'string', 'run, or check.']} -%}
    {%- for column in ml_monitor.runs_columns() + ml_monitor.check_history_columns() if column[0] not in columns -%}
        {%- do columns.update({column[0]: column}) -%}
    {%- endfor -%}
    {%- do return(columns.values() | list) -%}
{% endmacro %}

{#-
  The hours a rollup must rebuild, as the CTE `touched_hours`: those with log rows of batches it has not seen, and those
  built under another declaration. All hours on a first run.
  Arguments: log (relation), spec (dict).
-#}
{% macro touched_hours(log, spec) -%}
touched_hours as (

    {% if is_incremental() -%}
    select ml_event_hour as hour
    from {{ log }}
    where ml_batch > (select coalesce(max(ml_batch), 0) from {{ this }})
    union
    select window_start as hour
    from {{ this }}
    where window_grain = 'hour' and declaration_hash <> '{{ spec.declaration_hash }}'
    {%- else -%}
    select distinct ml_event_hour as hour from {{ log }}
    {%- endif %}

),
{%- endmacro %}


{#- The model version of a log row (alias `log`) as logged, to group by; NULL if the monitor logs none. -#}
{% macro logged_version(spec) %}
    {%- set version = ml_monitor.role_column(spec.inferences, 'model_version') -%}
    {%- do return('cast(' ~ ('log.' ~ version if version else 'null') ~ ' as ' ~ dbt.type_string() ~ ')') -%}
{% endmacro %}


{#- The model version as the tables write it: as a segment is; `__none__` if the monitor logs none. `expression`: logged_version. -#}
{% macro version_name(spec, expression) %}
    {%- do return(ml_monitor.segment_value(expression) if ml_monitor.role_column(spec.inferences, 'model_version') else "'__none__'") -%}
{% endmacro %}


{#- A segment's value as text: escaped, `__null__` for NULL. -#}
{% macro segment_value(expression) %}
    {%- set value = "cast(" ~ expression ~ " as " ~ dbt.type_string() ~ ")" -%}
    {%- do return("case when " ~ expression ~ " is null then '__null__' else " ~ ml_monitor.category(value) ~ " end") -%}
{% endmacro %}


{#- The log columns that the monitored columns are computed from, each once. -#}
{% macro distinct_source_columns(columns, spec) %}
    {%- set ns = namespace(names=[]) -%}
    {%- for column in columns if column.role != 'ingest_lag' -%}{%- set ns.names = ns.names + ['log.' ~ column.sql] -%}{%- endfor -%}
    {%- if columns | selectattr('role', 'equalto', 'ingest_lag') | list -%}
        {%- set ns.names = ns.names + ['log.' ~ ml_monitor.role_column(spec.inferences, 'event_time'), 'log.' ~ ml_monitor.role_column(spec.inferences, 'ingest_time')] -%}
    {%- endif -%}
    {%- do return(ns.names) -%}
{% endmacro %}


{#- Text that names a window, for delete+insert: its grain and its start. -#}
{% macro window_key(grain, start) %}
    {%- do return("cast(" ~ grain ~ " || ' ' || cast(" ~ start ~ " as " ~ dbt.type_string() ~ ") as " ~ dbt.type_string() ~ ")") -%}
{% endmacro %}

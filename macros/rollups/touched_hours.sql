{#-
  The hours a rollup must rebuild, as the CTE `touched_hours`: those with log rows of batches it has not seen, and those
  built under another declaration. All hours on a first run. A day that is kept as one is rebuilt as one.

  Arguments: conditions (list of selects of an `hour`, for incremental runs), log (relation), declaration_hash (string),
    fold_before (SQL or none).
-#}
{% macro touched_hours(conditions, log, declaration_hash, fold_before) -%}
{% if not ml_monitor.is_incremental() -%}
touched_hours as (

    select distinct ml_event_hour as hour from {{ log }}

),
{%- else -%}
changed_hours as (

    {% for condition in conditions -%}
    {{ condition }}
    union
    {% endfor -%}
    select window_start as hour
    from {{ this }}
    where window_grain = 'hour' and declaration_hash <> '{{ declaration_hash }}'

),

touched_hours as (

    select hour from changed_hours
    {%- if fold_before %}
    union
    select window_start as hour
    from {{ this }}
    where
        window_grain = 'hour'
        and window_start < {{ fold_before }}
        and {{ ml_monitor.truncate('day', 'window_start') }} in (select {{ ml_monitor.truncate('day', 'hour') }} from changed_hours)
    {%- endif %}

),
{%- endif %}
{%- endmacro %}

{#-
  Model <m>__parity: training-serving parity, per day and feature: the values that were served beside those of the offline feature
  table for the same entity and the same event time.

  Current predictions are joined to the offline rows by equality of both. An offline key with several rows counts once, by the first
  row in the order of its features, and its predictions are shown as ambiguous. The offline table has no history: a day is written
  again when its predictions changed, or when the offline rows of that day are others than those it was built from.

  Arguments: monitor (string).
  Columns: parity_columns; shares are of joined_rows, with 99.9 % Wilson bounds; differences are absolute, in
  the unit of the column, over rows that are finite on both sides, quantiles exact (percentile_disc).
-#}
{% macro parity_metrics(monitor) %}
    {{- ml_monitor.monitor_model(monitor, reads=['hourly_volume', 'inferences_log', 'stg_offline'], key='rebuild_key', access='public') -}}
    {%- if execute -%}{{ ml_monitor.parity_metrics_select(monitor) }}{%- endif -%}
{% endmacro %}


{#- The select of <m>__parity. Arguments: monitor (string). -#}
{% macro parity_metrics_select(monitor) %}
    {%- set spec = ml_monitor.monitor_spec(monitor) -%}
    {%- set declaration_hash = ml_monitor.declaration_hash(spec, 'parity') -%}
    {%- set rollup = ref(monitor ~ '__hourly_volume') -%}
    {%- set log = ref(monitor ~ '__inferences_log') -%}
    {%- set offline = ref('stg_' ~ monitor ~ '__offline') -%}
    {%- set columns = ml_monitor.compared_columns(spec) -%}
    {%- set entity = ml_monitor.role_column(spec.inferences, 'entity_id') -%}
    {%- set event_time = ml_monitor.role_column(spec.inferences, 'event_time') -%}
    {%- set offline_entity = ml_monitor.role_column(spec.offline, 'entity_id') -%}
    {%- set offline_time = ml_monitor.role_column(spec.offline, 'event_time') -%}
    {%- set offline_sql = columns | map(attribute='offline_sql') | list -%}
    {%- set text = ml_monitor.text_type() -%}
    {%- set counts = ['serving_rows', 'joined_rows', 'ambiguous_rows', 'matched_rows', 'serving_null_rows', 'offline_null_rows',
        'null_mismatch_rows', 'difference_rows'] -%}
    {%- set differences = ['difference_p50', 'difference_p95', 'difference_max'] -%}
    {%- set vocabulary = ['serving_only_rows', 'offline_only_rows', 'serving_only_values', 'offline_only_values'] -%}
    {%- set head -%}
{{ ml_monitor.rollup_windows(rollup, 'logged_rows', ['day'], "model_version = '__all__' and segment_name = '__all__'") }}

offline_days as (

    select
        {{ ml_monitor.truncate('day', offline_time) }} as window_start,
        {{ ml_monitor.content_fingerprint([offline_entity, offline_time] + offline_sql) }} as offline_state
    from {{ offline }}
    where {{ offline_time }} is not null
    group by {{ ml_monitor.truncate('day', offline_time) }}

),

written_windows as (

    select windows.window_grain, windows.window_start, windows.window_end, coalesce(offline_days.offline_state, 'none') as offline_state
    from windows
    left join offline_days on windows.window_start = offline_days.window_start
    {%- if ml_monitor.is_incremental() %}
    left join (
        select window_start, max(offline_state) as offline_state from {{ this }} group by window_start
    ) as stored on windows.window_start = stored.window_start
    where
        {{ ml_monitor.is_touched(declaration_hash) | indent(8) }}
        or stored.offline_state <> coalesce(offline_days.offline_state, 'none')
    {%- endif %}

),
    {%- endset -%}
{%- call ml_monitor.select_if_any(
    'parity_metrics', monitor, head, 'written_windows', hashes={declaration_hash: ['with_differences', 'counted', 'compared', 'measured']}
) %}

offline_rows as (

    select
        cast({{ offline_entity }} as {{ text }}) as entity_key,
        {{ offline_time }} as event_time,
        {%- for column in columns %}
        {{ column.offline_value }} as offline_{{ loop.index }},
        {%- endfor %}
        count(*) over (partition by {{ offline_entity }}, {{ offline_time }}) as copy_count,
        row_number() over (
            partition by {{ offline_entity }}, {{ offline_time }}
            order by {{ offline_sql | join(' nulls last, ') }} nulls last
        ) as copy_number
    from {{ offline }}
    where
        {{ offline_entity }} is not null
        and {{ offline_time }} is not null
        {%- if ml_monitor.is_incremental() %}
        and {{ ml_monitor.truncate('day', offline_time) }} in (select window_start from written_windows)
        {%- endif %}

),

paired as (

    select
        {{ ml_monitor.truncate('day', 'log.ml_event_hour') }} as window_start,
        case when o.entity_key is null then 0 else 1 end as is_joined,
        case when o.copy_count > 1 then 1 else 0 end as is_ambiguous,
        {%- for column in columns %}
        {{ column.serving_value }} as serving_{{ loop.index }},
        o.offline_{{ loop.index }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ ml_monitor.aliased(log, 'log') }}
    left join offline_rows as o
        on cast(log.{{ entity }} as {{ text }}) = o.entity_key and log.{{ event_time }} = o.event_time and o.copy_number = 1
    where
        log.ml_row_state = 'current'
        {%- if ml_monitor.is_incremental() %}
        and {{ ml_monitor.truncate('day', 'log.ml_event_hour') }} in (select window_start from written_windows)
        {%- endif %}

),

with_differences as (

    select
        paired.*
        {%- for column in columns if column.kind == 'numeric' -%},
        {{ ml_monitor.finite_difference('serving_' ~ column.position, 'offline_' ~ column.position) }} as difference_{{ column.position }}
        {%- endfor %}
    from paired

),

-- All columns in one pass over the rows; the counts are taken apart below.
counted as (

    select
        window_start,
        count(*) as serving_rows,
        sum(is_joined) as joined_rows,
        sum(is_ambiguous) as ambiguous_rows
        {%- for column in columns %}
        {%- set s = 'serving_' ~ loop.index -%}
        {%- set o = 'offline_' ~ loop.index -%},
        sum(case when is_joined = 1 and ({{ s }} = {{ o }} or ({{ s }} is null and {{ o }} is null)) then 1 else 0 end)
            as matched_rows_{{ loop.index }},
        sum(case when is_joined = 1 and {{ s }} is null then 1 else 0 end) as serving_null_rows_{{ loop.index }},
        sum(case when is_joined = 1 and {{ o }} is null then 1 else 0 end) as offline_null_rows_{{ loop.index }},
        sum(case when is_joined = 1 and ({{ s }} is null) <> ({{ o }} is null) then 1 else 0 end) as null_mismatch_rows_{{ loop.index }}
        {%- if column.kind == 'numeric' %}
        {%- set difference = 'difference_' ~ loop.index -%},
        count({{ difference }}) as difference_rows_{{ loop.index }},
        {{ ml_monitor.quantile(0.5, difference) }} as difference_p50_{{ loop.index }},
        {{ ml_monitor.quantile(0.95, difference) }} as difference_p95_{{ loop.index }},
        max({{ difference }}) as difference_max_{{ loop.index }}
        {%- endif %}
        {%- endfor %}
    from with_differences
    group by window_start

),

{{ ml_monitor.parity_column_days(columns, counts, differences) }}

{{ ml_monitor.parity_vocabulary(columns | selectattr('kind', 'equalto', 'categorical') | list) }}

declared_columns as (
    {% for column in columns %}
    select {{ ml_monitor.string_literal(column.name) }} as column_name, '{{ column.kind }}' as column_kind{{ ' union all'
        if not loop.last }}
    {%- endfor %}

),

compared as (

    select
        w.*,
        c.column_name,
        c.column_kind,
        {%- for name in counts %}
        coalesce(d.{{ name }}, 0) as {{ name }},
        {%- endfor %}
        {%- for name in differences %}
        d.{{ name }},
        {%- endfor %}
        {%- for name in vocabulary %}
        case when c.column_kind = 'categorical' then coalesce(v.{{ name }}, 0) end as {{ name }},
        {%- endfor %}
        case
            when c.column_kind <> 'categorical' then null
            when coalesce(v.serving_only_rows, 0) >= coalesce(v.offline_only_rows, 0) then coalesce(v.serving_only_rows, 0)
            else v.offline_only_rows
        end as foreign_rows
    from written_windows as w
    cross join declared_columns as c
    left join column_days as d on w.window_start = d.window_start and c.column_name = d.column_name
    left join vocabulary as v on w.window_start = v.window_start and c.column_name = v.column_name

),

measured as (

    select
        compared.*,
        {%- for name, numerator in [['match_rate', 'matched_rows'], ['null_difference', 'null_mismatch_rows'],
            ['vocabulary_difference', 'foreign_rows']] %}
        {{ ml_monitor.bounded_ratio(name, numerator, 'joined_rows') }}{{ ',' if not loop.last }}
        {%- endfor %}
    from compared

),

{{ ml_monitor.final_select(monitor, 'parity', 'measured', ['window_grain', 'window_start', 'column_name'], declaration_hash, {
    'model_version': "'__all__'", 'segment_name': "'__all__'", 'segment_value': "'__all__'",
    'difference_rows': "case when column_kind = 'numeric' then difference_rows end",
}) }}
{%- endcall %}
{% endmacro %}


{#-
  The CTE `column_days`: the counts of a day, which `counted` has for all columns in one row, as one row for each column.
  Arguments: columns (list of compared columns), counts, differences (lists of names).
-#}
{% macro parity_column_days(columns, counts, differences) -%}
column_days as (
    {% for column in columns %}
    {%- set k = loop.index %}
    select
        window_start,
        {{ ml_monitor.string_literal(column.name) }} as column_name,
        {{ counts[:3] | join(',\n        ') }},
        {%- for name in counts[3:] + differences %}
        {%- set absent = ml_monitor.float64('null') if name in differences else 0 %}
        {{ absent if column.kind == 'categorical' and name.startswith('difference') else name ~ '_' ~ k }} as {{ name }}{{ ','
            if not loop.last }}
        {%- endfor %}
    from counted
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}

),
{%- endmacro %}


{#-
  Categories that occur on one side only, as CTEs ending in `vocabulary` (window_start, column_name and four counts), from the CTE `paired`.
  Arguments: categorical (list of compared columns).
-#}
{% macro parity_vocabulary(categorical) -%}
-- Values of both sides beside each other.
categories as (
    {% for column in categorical %}
    {%- set serving, offline = 'serving_' ~ column.position, 'offline_' ~ column.position %}
    {%- set value = 'case sides.is_offline when 1 then ' ~ offline ~ ' else ' ~ serving ~ ' end' %}
    select
        window_start,
        {{ ml_monitor.string_literal(column.name) }} as column_name,
        {{ value }} as category,
        sum(1 - sides.is_offline) as serving_count,
        sum(sides.is_offline) as offline_count
    from paired
    cross join (select 0 as is_offline union all select 1 as is_offline) as sides
    where is_joined = 1 and {{ value }} is not null
    group by window_start, {{ value }}
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- else %}
    {{ ml_monitor.empty_select([
        ['window_start', 'timestamp', ''], ['column_name', 'string', ''], ['category', 'string', ''],
        ['serving_count', 'bigint', ''], ['offline_count', 'bigint', ''],
    ]) | indent(4) }}
    {%- endfor %}

),

vocabulary as (

    select
        window_start,
        column_name,
        sum(case when offline_count = 0 then serving_count else 0 end) as serving_only_rows,
        sum(case when serving_count = 0 then offline_count else 0 end) as offline_only_rows,
        sum(case when offline_count = 0 then 1 else 0 end) as serving_only_values,
        sum(case when serving_count = 0 then 1 else 0 end) as offline_only_values
    from categories
    group by window_start, column_name

),
{%- endmacro %}


{#- |a - b| as a 64-bit float; NULL unless both are finite. Arguments: SQL of numbers. -#}
{% macro finite_difference(a, b) %}
    {%- set x = ml_monitor.float64(a) -%}
    {%- set y = ml_monitor.float64(b) -%}
    {%- set odd = [ml_monitor.is_nan(x), ml_monitor.is_infinite(x), ml_monitor.is_nan(y), ml_monitor.is_infinite(y)] -%}
    {%- do return('case when not (' ~ odd | join(' or ') ~ ') then abs(' ~ x ~ ' - ' ~ y ~ ') end') -%}
{% endmacro %}

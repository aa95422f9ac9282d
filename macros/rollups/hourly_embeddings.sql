{#-
  Model <m>__hourly_embeddings: sums of the vectors of each embedding, element by element. Additive: the mean vector of any window is the
  sum of its rows, over their number.

  Like the slots of a profile, dimensions below 1 count rows: 0 all of them, -1 those whose vector is NULL, -2 of another number of
  elements than declared, -3 with a NULL element, -4 with a NaN or an infinite one. Only the other vectors are summed, so each dimension
  from 1 has the same row_count.
  Each rebuilt hour has a row `__rows__` with its number of rows, 0 when it was emptied.

  Arguments: monitor (string).
  Columns: hourly_embeddings_columns.
-#}
{% macro hourly_embeddings(monitor) %}
    {{- ml_monitor.monitor_model(monitor, reads=['inferences_log'], key='rebuild_key') -}}
    {%- if execute -%}{{ ml_monitor.hourly_embeddings_select(monitor) }}{%- endif -%}
{% endmacro %}


{#- The select of <m>__hourly_embeddings. Arguments: monitor (string). -#}
{% macro hourly_embeddings_select(monitor) %}
    {%- set spec = ml_monitor.monitor_spec(monitor) -%}
    {%- set declaration_hash = ml_monitor.declaration_hash(spec, 'hourly_embeddings') -%}
    {%- set log = ref(monitor ~ '__inferences_log') -%}
    {%- set columns = spec.inferences | selectattr('role', 'equalto', 'embedding') | list -%}
    {%- set series = ['window_start', 'model_version', 'column_name'] -%}
    {%- set fold_before = ml_monitor.fold_before(spec) -%}
    {%- set text = ml_monitor.text_type() -%}
    {%- set head -%}
{{ ml_monitor.touched_hours([ml_monitor.hours_of_new_rows(log)], log, declaration_hash, fold_before) }}
    {%- endset -%}
{%- call ml_monitor.select_if_any('hourly_embeddings', monitor, head, 'touched_hours', asks=not fold_before) %}

{% for column in columns -%}
vectors_{{ loop.index }} {{ ml_monitor.as_inlined() }} (

    select
        window_start,
        model_version,
        {{ ml_monitor.string_literal(column.name) }} as column_name,
        vector,
        {{ ml_monitor.vector_state('vector', column.dimensions, 'norm') }} as state
    from (
        select
            {{ ml_monitor.counted_window('log.ml_event_hour', fold_before) }} as window_start,
            {{ ml_monitor.logged_version(spec) }} as model_version,
            {{ ml_monitor.float64_vector('log.' ~ column.sql) }} as vector,
            {{ ml_monitor.vector_norm('log.' ~ column.sql) }} as norm
        from {{ ml_monitor.aliased(log, 'log') }}
        where
            log.ml_row_state = 'current'
            {%- if ml_monitor.is_incremental() %}
            and log.ml_event_hour in (select hour from touched_hours)
            {%- endif %}
    ) as logged

),

states_{{ loop.index }} as (

    select {{ series | join(', ') }}, state, count(*) as row_count
    from vectors_{{ loop.index }}
    group by {{ series | join(', ') }}, state

),

elements_{{ loop.index }} {{ ml_monitor.as_inlined() }} (

    {{ ml_monitor.vector_elements('vectors_' ~ loop.index, 'vector', series, 'state = 1') | indent(4) }}

),

{% endfor -%}
row_hours as (

    select ml_event_hour as hour
    from {{ log }}
    where
        ml_row_state = 'current'
        {%- if ml_monitor.is_incremental() %}
        and ml_event_hour in (select hour from touched_hours)
        {%- endif %}

),

{{ ml_monitor.hour_markers('row_hours') }}

counted as (
    {% for column in columns %}
    select {{ series | join(', ') }}, 0 as dimension, sum(row_count) as row_count, {{ ml_monitor.float64(0) }} as value_sum
    from states_{{ loop.index }}
    group by {{ series | join(', ') }}
    union all
    select {{ series | join(', ') }}, state as dimension, row_count, {{ ml_monitor.float64(0) }} as value_sum
    from states_{{ loop.index }}
    where state < 0
    union all
    select {{ series | join(', ') }}, dimension, count(*) as row_count, sum(value) as value_sum
    from elements_{{ loop.index }}
    group by {{ series | join(', ') }}, dimension
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- else %}
    {{ ml_monitor.empty_select([
        ['window_start', 'timestamp', ''], ['model_version', 'string', ''], ['column_name', 'string', ''], ['dimension', 'int', ''],
        ['row_count', 'bigint', ''], ['value_sum', 'double', ''],
    ]) | indent(4) }}
    {%- endfor %}

),

named as (

    select
        {{ ml_monitor.counted_grain('window_start', fold_before) }} as window_grain,
        window_start,
        {{ ml_monitor.version_name(spec, 'model_version') }} as model_version,
        column_name,
        dimension,
        row_count,
        value_sum
    from counted
    union all
    select
        window_grain,
        window_start,
        '__all__' as model_version,
        '__rows__' as column_name,
        0 as dimension,
        row_count,
        {{ ml_monitor.float64(0) }} as value_sum
    from markers

),

{{ ml_monitor.rollup_end(spec, 'hourly_embeddings', 'named', ['row_count', 'value_sum'], "column_name = '__rows__'") }}
{%- endcall %}
{% endmacro %}


{#- The columns of <m>__hourly_embeddings. -#}
{% macro hourly_embeddings_columns() %}
    {%- do return(ml_monitor.listed_columns([
        ['window_grain', 'hour, or day for what is past hourly_retention_days.'],
        'window_start',
        ['model_version', 'Model version; `__none__` if the monitor logs none, `__null__` where it is NULL, `__all__` only for the rows '
            'that keep an hour known.'],
        ['column_name', 'Embedding; `__rows__` for the number of rows of the hour.'],
        ['dimension', 'int', 'Element of the vector, from 1. Rows without value: 0 all, -1 NULL, -2 of another number of elements, -3 '
            'with a NULL element, -4 with NaN or infinity.'],
        ['row_count', 'Rows; from dimension 1 on those whose vector is summed.'],
        ['value_sum', 'double', 'Sum of the element, in its unit; 0 below dimension 1.'],
        'rebuild_key', 'declaration_hash', 'ml_batch',
    ])) -%}
{% endmacro %}

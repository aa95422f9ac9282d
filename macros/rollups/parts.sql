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


{#- The select of hours whose log rows are of batches that this rollup has not seen. Arguments: log (relation). -#}
{% macro hours_of_new_rows(log) -%}
select ml_event_hour as hour
    from {{ log }}
    where ml_batch > (select coalesce(max(ml_batch), 0) from {{ this }})
{%- endmacro %}


{#-
  The select of hours whose predictions have labels of batches that this rollup has not seen, by the hash of the key: a collision
  would count an hour once more, to the same result.
-#}
{% macro hours_of_new_labels(log, labels_log) -%}
select ml_event_hour as hour
    from {{ log }}
    where ml_key_hash in (
        {{ ml_monitor.distinct_values(
            'ml_key_hash', 'key_hash', labels_log, 'ml_batch > (select coalesce(max(labels_batch), 0) from ' ~ this ~ ')'
        ) | indent(4) }}
    )
{%- endmacro %}


{#- The window that an hour of log rows is counted in: itself, or its day once that is kept as one. -#}
{% macro counted_window(hour, fold_before) %}
    {%- do return('case when ' ~ hour ~ ' < ' ~ fold_before ~ ' then ' ~ ml_monitor.truncate('day', hour) ~ ' else ' ~ hour ~ ' end'
        if fold_before else hour) -%}
{% endmacro %}


{#- The grain of a counted window; its start is the start of a day if the day is kept as one. -#}
{% macro counted_grain(window_start, fold_before) %}
    {%- do return("case when " ~ window_start ~ " < " ~ fold_before ~ " then 'day' else 'hour' end" if fold_before else "'hour'") -%}
{% endmacro %}


{#-
  CTEs that fold the hours of days past their retention into days by summing, ending in `folded` (the columns of the rollup up
  to its measures, then ml_batch columns). What touched_hours rebuilds is left to it. A day's own rows and the rows that keep
  its hours known are written again as they are, since they share their keys with what goes.

  Arguments: fold_before (SQL), keys (list of columns that stay apart, without window_grain and window_start), measures (list,
    summed), batches (list, greatest), marker (SQL condition of the rows that keep an hour known).
-#}
{% macro folded(fold_before, keys, measures, batches, marker) -%}
{%- set day = ml_monitor.truncate('day', 'window_start') -%}
folding_days as (

    select distinct {{ day }} as day
    from {{ this }}
    where
        window_grain = 'hour'
        and not ({{ marker }})
        and window_start < {{ fold_before }}
        and {{ day }} not in (select {{ ml_monitor.truncate('day', 'hour') }} from touched_hours)

),

folded as (

    select
        window_grain,
        window_start,
        {{ (keys + measures + batches) | join(',\n        ') }}
    from {{ this }}
    where {{ day }} in (select day from folding_days) and (window_grain = 'day' or {{ marker }})
    union all
    select
        'day' as window_grain,
        {{ day }} as window_start,
        {{ keys | join(',\n        ') }},
        {%- for name in measures %}
        sum({{ name }}) as {{ name }},
        {%- endfor %}
        {%- for name in batches %}
        max({{ name }}) as {{ name }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ this }}
    where {{ day }} in (select day from folding_days) and window_grain = 'hour' and not ({{ marker }})
    group by {{ day }}, {{ keys | join(', ') }}

),
{%- endmacro %}


{#-
  The CTE `markers` (window_grain, window_start, row_count): each rebuilt hour, and each rebuilt day, has one row of its own, so that an
  emptied
  one is replaced too. Arguments: rows (CTE name, with
  `hour`: what row_count of an hour counts, else 0), grains (list: hour, day).
-#}
{% macro hour_markers(rows=none, grains=['hour', 'day']) -%}
-- Each rebuilt hour and day has one row of its own, so that an emptied one is replaced too.
markers as (

    select
        grains.window_grain,
        {{ ml_monitor.grain_start('touched_hours.hour', grains) }} as window_start,
        {{ "max(case grains.window_grain when 'hour' then coalesce(counted.row_count, 0) else 0 end)" if rows else 0 }} as row_count
    from touched_hours
    cross join {{ ml_monitor.grains(grains) }} as grains
    {%- if rows %}
    left join (select hour, count(*) as row_count from {{ rows }} group by hour) as counted on touched_hours.hour = counted.hour
    {%- endif %}
    group by grains.window_grain, {{ ml_monitor.grain_start('touched_hours.hour', grains) }}

),
{%- endmacro %}


{#-
  The end of a rollup that keeps hours and may fold them into days: what was counted, with the newest batches of its logs, what `folded`
  makes of the
  days that are past their retention, and the final select.
  Arguments: spec (dict of monitor_spec), table (string), counts (CTE name), measures (list of columns that are summed; the other columns
  of the
    table's list stay apart), marker (SQL condition of the rows that keep an hour known), values (as final_select has them).
-#}
{% macro rollup_end(spec, table, counts, measures, marker, values={}) -%}
{%- set fold_before = ml_monitor.fold_before(spec) if ml_monitor.is_incremental() -%}
{%- set names = ml_monitor.table_columns(table) | map('first') | list -%}
{%- set logs = {'ml_batch': ref(spec.name ~ '__inferences_log')} -%}
{%- if 'labels_batch' in names -%}{%- do logs.update({'labels_batch': ref(spec.name ~ '__labels_log')}) -%}{%- endif -%}
{%- set batches = logs.keys() | list -%}
{%- set keys = names | reject('in', ['window_grain', 'window_start', 'rebuild_key', 'declaration_hash'] + measures + batches) | list -%}
{%- set values = dict(values) -%}
{%- for name in batches -%}{%- do values.update({name: name}) -%}{%- endfor -%}
newest as (

    select
        {%- for name, log in logs.items() %}
        (select coalesce(max(ml_batch), 0) from {{ log }}) as {{ name }}{{ ',' if not loop.last }}
        {%- endfor %}

),

{% if fold_before -%}
{{ ml_monitor.folded(fold_before, keys, measures, batches, marker) }}

{% endif -%}
written as (

    select
        window_grain,
        window_start,
        {{ (keys + measures) | join(',\n        ') }},
        {{ batches | join(',\n        ') }}
    from {{ counts }}
    cross join newest
    {%- if fold_before %}
    union all
    select * from folded
    {%- endif %}

),

{{ ml_monitor.final_select(spec.name, table, 'written', none, ml_monitor.declaration_hash(spec, table), values) }}
{%- endmacro %}


{#- The model version of a log row (alias `log`) as logged, to group by; NULL if the monitor logs none. -#}
{% macro logged_version(spec) %}
    {%- set version = ml_monitor.role_column(spec.inferences, 'model_version') -%}
    {%- do return('cast(' ~ ('log.' ~ version if version else 'null') ~ ' as ' ~ ml_monitor.text_type() ~ ')') -%}
{% endmacro %}


{#- The model version as the tables write it: as a segment is; `__none__` if the monitor logs none. `expression`: logged_version. -#}
{% macro version_name(spec, expression) %}
    {%- do return(ml_monitor.segment_value(expression) if ml_monitor.role_column(spec.inferences, 'model_version') else "'__none__'") -%}
{% endmacro %}


{#- A segment's value as text: escaped, `__null__` for NULL. -#}
{% macro segment_value(expression) %}
    {%- set value = "cast(" ~ expression ~ " as " ~ ml_monitor.text_type() ~ ")" -%}
    {%- do return("case when " ~ expression ~ " is null then '__null__' else " ~ ml_monitor.category(value) ~ " end") -%}
{% endmacro %}


{#-
  The values of segments that are too many to be counted by themselves, as the CTE `capped_segments` (ml_window, ml_segment,
  ml_value as in the log; the prefix because rules of the user are read beside them): all but the ml_segment_cap most frequent of a
  window, by rows of all versions; of two with as many rows the lesser value is kept. NULL is no value and never one of them. A window
  is always counted as a whole and from its own rows alone, so the split of the rows into runs does not matter.

  Arguments: spec, counts (relation with the window, segment_name, segment_value as in the log, and the count), count (SQL name),
    window (SQL name: `window_start` or `hour`).
-#}
{% macro capped_segments(spec, counts, count, window) -%}
capped_segments as (

    select {{ window }} as ml_window, segment_name as ml_segment, segment_value as ml_value
    from (
        select
            {{ window }},
            segment_name,
            segment_value,
            row_number() over (partition by {{ window }}, segment_name order by sum({{ count }}) desc, segment_value) as value_rank
        from {{ counts }}
        where segment_value is not null
        group by {{ window }}, segment_name, segment_value
    ) as ranked
    where value_rank > {{ spec.settings.segment_cap }}

),
{%- endmacro %}


{#- What rows are counted by: all of them, and each segment. Arguments: spec. Returns: SQL, a subquery with segment_name. -#}
{% macro segment_names(spec) -%}
(
            select '__all__' as segment_name
            {%- for segment in spec.segments %}
            union all
            select {{ ml_monitor.string_literal(segment) }} as segment_name
            {%- endfor %}
        )
{%- endmacro %}


{#- The segment_value of counts (alias `counts`), joined to capped_segments (alias `capped`), as the tables write it. Returns: SQL. -#}
{% macro counted_segment() -%}
case
    when counts.segment_name = '__all__' then '__all__'
    when capped.ml_segment is not null then '__other__'
    else {{ ml_monitor.segment_value('counts.segment_value') }}
end
{%- endmacro %}


{#- Rows of the relation `counts` that are in capped_segments: a join condition. Arguments: counts (alias), window (SQL name). -#}
{% macro is_capped(counts, window) %}
    {%- do return('capped.ml_window = ' ~ counts ~ '.' ~ window ~ ' and capped.ml_segment = ' ~ counts ~ '.segment_name'
        ~ ' and capped.ml_value = ' ~ counts ~ '.segment_value') -%}
{% endmacro %}


{#- The log columns that the monitored columns are computed from, each once, and what becomes of each rule. -#}
{% macro distinct_source_columns(columns, spec) %}
    {%- set ns = namespace(names=[]) -%}
    {%- for column in columns if column.role != 'ingest_lag' -%}
        {%- set ns.names = ns.names + [column.expression ~ ' as ' ~ column.source_sql if column.expression else 'log.' ~ column.sql] -%}
    {%- endfor -%}
    {%- if columns | selectattr('role', 'equalto', 'ingest_lag') | list -%}
        {%- for role in ['event_time', 'ingest_time'] -%}
            {%- set ns.names = ns.names + ['log.' ~ ml_monitor.role_column(spec.inferences, role)] -%}
        {%- endfor -%}
    {%- endif -%}
    {%- do return(ns.names) -%}
{% endmacro %}


{#- Text that names a window, for delete+insert: its grain and its start. -#}
{% macro window_key(grain, start) %}
    {%- do return("cast(" ~ grain ~ " || ' ' || cast(" ~ start ~ " as " ~ ml_monitor.text_type() ~ ") as " ~ ml_monitor.text_type()
        ~ ")") -%}
{% endmacro %}

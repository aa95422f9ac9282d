{#-
  The end of a rollup that keeps hours and may fold them into days: what was counted, with the newest batches of its logs, what `folded`
  makes of the days that are past their retention, and the final select.
  Arguments: spec (dict of monitor_spec), table (string), counts (CTE name), measures (list of columns that are summed; the other columns
  of the table's list stay apart), marker (SQL condition of the rows that keep an hour known), values (as final_select has them),
  maxima (list of columns of which the largest value is kept).
-#}
{% macro rollup_end(spec, table, counts, measures, marker, values={}, maxima=[]) -%}
{%- set fold_before = ml_monitor.fold_before(spec) if ml_monitor.is_incremental() -%}
{%- set names = ml_monitor.table_columns(table, spec.name) | map('first') | list -%}
{%- set logs = {'ml_batch': ref(spec.name ~ '__inferences_log')} -%}
{%- if 'labels_batch' in names -%}{%- do logs.update({'labels_batch': ref(spec.name ~ '__labels_log')}) -%}{%- endif -%}
{%- set batches = logs.keys() | list -%}
{%- set keys = names | reject('in', ['window_grain', 'window_start', 'rebuild_key', 'declaration_hash'] + measures + maxima + batches)
    | list -%}
{%- set values = dict(values) -%}
{%- for name in batches -%}{%- do values.update({name: name}) -%}{%- endfor -%}
newest as (

    select
        {%- for name, log in logs.items() %}
        (select coalesce(max(ml_batch), 0) from {{ log }}) as {{ name }}{{ ',' if not loop.last }}
        {%- endfor %}

),

{% if fold_before -%}
{{ ml_monitor.folded(fold_before, keys, measures, maxima + batches, marker) }}

{% endif -%}
written as (

    select
        window_grain,
        window_start,
        {{ (keys + measures + maxima) | join(',\n        ') }},
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


{#-
  CTEs that fold the hours of days past their retention into days by summing, ending in `folded` (the columns of the rollup up
  to its measures, then what the largest is kept of). What touched_hours rebuilds is left to it. A day's own rows and the rows that keep
  its hours known are written again as they are, since they share their keys with what goes.

  Arguments: fold_before (SQL), keys (list of columns that stay apart, without window_grain and window_start), measures (list,
    summed), maxima (list, the largest), marker (SQL condition of the rows that keep an hour known).
-#}
{% macro folded(fold_before, keys, measures, maxima, marker) -%}
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
        {{ (keys + measures + maxima) | join(',\n        ') }}
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
        {%- for name in maxima %}
        max({{ name }}) as {{ name }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ this }}
    where {{ day }} in (select day from folding_days) and window_grain = 'hour' and not ({{ marker }})
    group by {{ day }}, {{ keys | join(', ') }}

),
{%- endmacro %}

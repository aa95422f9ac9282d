{#-
  Model <m>__hourly_joins: what each declared join does to the rows of each hour: predictions to the lookups their
  features came from, predictions to the raw labels, as a naive join would do it, and raw labels to their predictions, by the hour of the
  label.

  An hour is rebuilt when its rows changed, when rows of the other log arrived for them, or, since a lookup has no history, when
  the lookup's content changed at all.

  Arguments: monitor (string).
  Columns: hourly_joins_columns.
-#}
{% macro hourly_joins(monitor) %}
    {{- ml_monitor.monitor_model(monitor, reads=['inferences_log', 'labels_log', 'stg_lookups'], key='rebuild_key') -}}
    {%- if execute -%}{{ ml_monitor.hourly_joins_select(monitor) }}{%- endif -%}
{% endmacro %}


{#- The select of <m>__hourly_joins. Arguments: monitor (string). -#}
{% macro hourly_joins_select(monitor) %}
    {%- set spec = ml_monitor.monitor_spec(monitor) -%}
    {%- set declaration_hash = ml_monitor.declaration_hash(spec, 'hourly_joins') -%}
    {%- set log = ref(monitor ~ '__inferences_log') -%}
    {%- set has_labels = ml_monitor.has_part(monitor, 'labels') -%}
    {%- set prediction_id = ml_monitor.role_column(spec.inferences, 'prediction_id') -%}
    {%- set label_id = ml_monitor.role_column(spec.labels, 'prediction_id') -%}
    {%- set text = ml_monitor.text_type() -%}
    {%- set current = "ml_row_state = 'current'" -%}
    {%- set ns = namespace(joins=[]) -%}
    {%- for lookup in ml_monitor.lookups(monitor) -%}
        {%- set relation = ref('stg_' ~ monitor ~ '__' ~ lookup) -%}
        {%- set on = (spec.joins | selectattr('name', 'equalto', lookup) | list)[0].on -%}
        {%- set ns.joins = ns.joins + [{'name': lookup, 'left': log, 'relation': relation, 'on': on, 'where': none,
            'is_log': false, 'left_where': current, 'left_batch': 'ml_batch'}] -%}
    {%- endfor -%}
    {%- if has_labels -%}
        {%- set labels_log, usable = ref(monitor ~ '__labels_log'), "ml_row_state in ('current', 'duplicate')" -%}
        {%- set ns.joins = ns.joins + [
            {'name': 'labels', 'left': log, 'left_where': current, 'relation': labels_log, 'on': [[prediction_id, label_id]],
                'where': usable, 'is_log': true, 'left_batch': 'ml_batch', 'right_batch': 'labels_batch'},
            {'name': 'labels_to_predictions', 'left': labels_log, 'left_where': usable, 'relation': log,
                'on': [[label_id, prediction_id]], 'where': current, 'is_log': true, 'left_batch': 'labels_batch',
                'right_batch': 'ml_batch'},
        ] -%}
    {%- endif -%}
    {%- set head -%}
{% for join in ns.joins -%}
{%- set left_keys = join.on | map('first') | list -%}
{%- set right_keys = join.on | map('last') | list -%}
{%- set cte = 'join_' ~ loop.index -%}
{#- By itself, so that a join that was declared later gets all of its hours. -#}
{%- set own_rows = 'join_name = ' ~ ml_monitor.string_literal(join.name) -%}
{% set partners -%}
{% if join.is_log and ml_monitor.is_incremental() -%}
{{ ml_monitor.located_keys(cte ~ '_located', join.relation,
    ml_monitor.distinct_values('ml_key_hash', 'key_hash', join.left, join.left_where ~ "
    and ml_event_hour in (select hour from " ~ cte ~ "_touched)")) }}

{% endif -%}
{{ cte }}_partners as (

    select
        {%- for key in right_keys %}
        {{ key }} as key_{{ loop.index }},
        {%- endfor %}
        count(*) as partner_count
    from {{ join.relation }}
    where
        {{ right_keys | join(' is not null and ') }} is not null{{ ' and ' ~ join.where if join.where }}
        {%- if join.is_log and ml_monitor.is_incremental() %}
        and {{ ml_monitor.at_located_keys(cte ~ '_located') | indent(8) }}
        {%- endif %}
    group by {{ right_keys | join(', ') }}

),
{%- endset -%}
{% set fingerprint -%}
{{ cte }}_fingerprint as (

    {% if join.is_log -%}
    select '{{ join.name }}' as fingerprint
    {%- else -%}
    select
        cast(coalesce(sum(partner_count), 0) as {{ text }}) || ' '
        || cast(coalesce(sum({{ ml_monitor.modulo(ml_monitor.key_hash(ml_monitor.joined_text(right_keys | length)), 1000003) }}), 0)
            as {{ text }}) as fingerprint
    from {{ cte }}_partners
    {%- endif %}

),
{%- endset -%}
{% set touched_and_keys -%}
{{ cte }}_touched as (

    {% if ml_monitor.is_incremental() -%}
    {{ ml_monitor.hours_of_new_rows(join.left, join.left_batch, own_rows) }}
    union
    select window_start as hour
    from {{ this }}
    where
        {{ own_rows }}
        and (
            right_fingerprint <> (select fingerprint from {{ cte }}_fingerprint)
            or declaration_hash <> '{{ declaration_hash }}'
        )
    {%- if join.is_log %}
    union
    {{ ml_monitor.hours_of_new_labels(join.left, join.relation, join.right_batch, own_rows) }}
    {%- endif %}
    {%- else -%}
    select distinct ml_event_hour as hour from {{ join.left }}
    {%- endif %}

),

{{ cte }}_keys as (

    select
        log.ml_event_hour as window_start,
        {%- for key in left_keys %}
        log.{{ key }} as key_{{ loop.index }},
        {%- endfor %}
        count(*) as row_count,
        sum(case log.ml_duplicate_kind when 'conflicting' then 1 else 0 end) as conflicting_count
    from {{ ml_monitor.aliased(join.left, 'log') }}
    where
        log.{{ join.left_where }}
        {%- if ml_monitor.is_incremental() %}
        and log.ml_event_hour in (select hour from {{ cte }}_touched)
        {%- endif %}
    group by log.ml_event_hour, log.{{ left_keys | join(', log.') }}

),
{%- endset -%}
{#- A lookup is read whole: its fingerprint decides what is touched. Of the labels only those of touched hours are. -#}
{{ [fingerprint, touched_and_keys, partners] | join('\n\n') if join.is_log
    else [partners, fingerprint, touched_and_keys] | join('\n\n') }}

{{ cte }} as (

    select
        touched.hour as window_start,
        {{ ml_monitor.string_literal(join.name) }} as join_name,
        coalesce(sum(k.row_count), 0) as rows_before,
        coalesce(sum(case when k.key_{{ range(1, left_keys | length + 1) | join(' is null or k.key_') }} is null then k.row_count end), 0)
            as null_key_rows,
        coalesce(sum(case when partners.partner_count > 0 then k.row_count end), 0) as matched_rows,
        coalesce(sum(k.row_count * coalesce(partners.partner_count, 1)), 0) as rows_after,
        coalesce(sum(case when partners.partner_count > 1 then k.row_count end), 0) as fanned_out_rows,
        coalesce(sum(case when k.key_{{ range(1,
            left_keys | length + 1) | join(' is not null and k.key_') }} is not null then k.row_count - 1 end), 0) as duplicate_left_rows,
        coalesce(sum(partners.partner_count - 1), 0) as duplicate_right_rows,
        coalesce(sum(k.conflicting_count), 0) as conflicting_left_rows,
        max(fingerprint.fingerprint) as right_fingerprint
    from {{ cte }}_touched as touched
    cross join {{ cte }}_fingerprint as fingerprint
    left join {{ cte }}_keys as k on touched.hour = k.window_start
    left join {{ cte }}_partners as partners
        on {% for key in left_keys %}k.key_{{ loop.index }} = partners.key_{{ loop.index }}{{ ' and ' if not loop.last }}{% endfor %}
    group by touched.hour

),

{% endfor -%}
touched as (

    {% for join in ns.joins -%}
    select hour from join_{{ loop.index }}_touched
    {%- if not loop.last %}
    union all
    {% endif %}
    {%- else -%}
    select cast(null as timestamp) as hour where 1 = 0
    {%- endfor %}

),
    {%- endset -%}
{%- call ml_monitor.select_if_any('hourly_joins', monitor, head, 'touched') %}

measured as (

    {% for join in ns.joins -%}
    select * from join_{{ loop.index }}
    {%- if not loop.last %}
    union all
    {% endif %}
    {%- else -%}
    {{ ml_monitor.empty_select(ml_monitor.hourly_joins_columns()[1:-4]) | indent(4) }}
    {%- endfor %}

),

newest as (

    select
        (select coalesce(max(ml_batch), 0) from {{ log }}) as ml_batch,
        {{ '(select coalesce(max(ml_batch), 0) from ' ~ ref(monitor ~ '__labels_log') ~ ')' if has_labels else '0' }} as labels_batch

),

{{ ml_monitor.final_select(monitor, 'hourly_joins', 'measured', none, declaration_hash, {
    'window_grain': "'hour'",
    'rebuild_key': "join_name || ' ' || cast(window_start as " ~ text ~ ')',
    'labels_batch': '(select labels_batch from newest)',
}) }}
{%- endcall %}
{% endmacro %}


{#- The columns key_1 ... key_n as one text. -#}
{% macro joined_text(n) %}
    {%- set ns = namespace(parts=[]) -%}
    {%- for k in range(1, n + 1) -%}{%- set ns.parts = ns.parts + ['cast(key_' ~ k ~ ' as ' ~ ml_monitor.text_type() ~ ')'] -%}
        {%- endfor -%}
    {%- do return(ns.parts | join(" || '|' || ")) -%}
{% endmacro %}


{#- The columns of <m>__hourly_joins. -#}
{% macro hourly_joins_columns() %}
    {%- do return(ml_monitor.listed_columns([
        ['window_grain', 'Always hour.'],
        'window_start', 'join_name', 'rows_before', 'null_key_rows', 'matched_rows', 'rows_after', 'fanned_out_rows',
        ['duplicate_left_rows', 'bigint', 'Rows on the left that repeat a key within the hour.'],
        ['duplicate_right_rows', 'bigint', 'Partners beyond the first of each matched key, within the hour.'],
        ['conflicting_left_rows', 'bigint', 'Rows on the left that another row of the same key replaced with another content.'],
        ['right_fingerprint', 'string', 'Fingerprint of the keys of the lookup; the name of the join for labels.'],
        ['rebuild_key', 'join_name and window_start as one text: what a run deletes and writes again.'],
        'declaration_hash', 'ml_batch', 'labels_batch',
    ])) -%}
{% endmacro %}

{#-
  The group `quality_score` of <m>__window_metrics: one number per dataset and hour for how good the rows are, with the parts it is the weighted mean of, and
  the counts behind them. It sums up and finds nothing that a metric of its own does not find; no policy judges it unless a row asks.

  Parts of the inferences, and of the labels:
    freshness     1 - late_rows / timed_rows: rows ingested in time, within late_after_minutes of their event or label
    completeness  1 - missing_values / expected_values: values that are there (NULL and NaN are not), of the features or labels
    validity      1 - invalid_values / checked_values: values within their declaration; a quarantined row is invalid in all of them
    uniqueness    1 - duplicate_rows / logged_rows
  A part without anything to count is NULL and the weights of the others are scaled up: macro scored_quality.

  Hard rules, which no score can outvote; the first that holds makes the score 0:
    unreconciled_rows      rows ingested in the hour are in staging and not in the log, or the other way round (inferences)
    all_rows_quarantined   no row of the hour could be used
    most_rows_quarantined  more than half of the rows of the hour could not be used

  Arguments: monitor (string).
  Returns: CTEs ending in `quality_hours`, the hours to write, with their counts. Columns: quality_score_columns; parts, weights and score are 0 to 1.
-#}
{% macro quality_score_windows(monitor) -%}
    {%- set spec = ml_monitor.monitor_spec(monitor) -%}
    {%- set declaration_hash = ml_monitor.declaration_hash(spec, 'quality_score') -%}
    {%- set fold_before = ml_monitor.fold_before(spec) -%}
    {%- set has_labels = ml_monitor.has_part(monitor, 'labels') -%}
    {%- set labels_log = ref(monitor ~ '__labels_log') if has_labels else none -%}
    {%- set ns = namespace(ruled=[]) -%}
    {%- for column in ml_monitor.monitored_columns(spec) if column.min is not none or column.max is not none or column.accepted_values or column.pattern -%}
        {%- set ns.ruled = ns.ruled + [ml_monitor.string_literal(column.name)] -%}
    {%- endfor -%}
    {%- set values_per_row = [ns.ruled | length, 1] | max -%}
    {%- set built = ml_monitor.built_group('quality_score') -%}
{{ ml_monitor.touched_windows('quality_score', declaration_hash, rollup_hours='rollup_hours', grains=['hour'], built=built, fold_before=fold_before) }}

-- Of the inferences: a row of the labels does not make a window known.
inference_windows as (

    select * from quality_score_touched_windows
    {%- if ml_monitor.is_incremental() %}
    union
    select windows.*
    from windows
    where
        windows.window_grain = 'hour'
        {%- if fold_before %}
        and windows.window_start >= {{ fold_before }}
        {%- endif %}
        and not exists (
            select 1
            from {{ built }} as built
            where
                built.dataset = 'inferences'
                and built.window_start = windows.window_start
                and built.declaration_hash = '{{ declaration_hash }}'
        )
    {%- endif %}

),

value_hours as (

    select
        window_start,
        sum(case when column_role = 'feature' then null_count + nan_count else 0 end) as missing_values,
        sum(case when column_role = 'feature' then row_count else 0 end) as expected_values,
        sum({{ 'case when column_name in (' ~ ns.ruled | join(', ') ~ ') then invalid_count else 0 end' if ns.ruled else '0' }}) as invalid_values
    from {{ ref(monitor ~ '__data_quality') }}
    where
        window_grain = 'hour'
        and segment_name = '__all__'
        and window_start in (select inference_windows.window_start from inference_windows)
    group by window_start

),

inference_hours as (

    select
        'inferences' as dataset,
        w.window_start,
        w.window_end,
        coalesce(v.logged_rows, 0) as logged_rows,
        coalesce(v.current_rows, 0) as current_rows,
        coalesce(v.quarantined_rows, 0) as quarantined_rows,
        coalesce(v.duplicate_rows, 0) as duplicate_rows,
        abs(coalesce(v.raw_ingested_rows, 0) - coalesce(v.log_ingested_rows, 0)) as unreconciled_rows,
        coalesce(v.late_rows, 0) as late_rows,
        {{ 'coalesce(v.current_rows, 0)' if ml_monitor.role_column(spec.inferences, 'ingest_time') else '0' }} as timed_rows,
        coalesce(h.missing_values, 0) as missing_values,
        coalesce(h.expected_values, 0) as expected_values,
        coalesce(h.invalid_values, 0) + coalesce(v.quarantined_rows, 0) * {{ values_per_row }} as invalid_values,
        coalesce(v.current_rows + v.quarantined_rows, 0) * {{ values_per_row }} as checked_values
    from inference_windows as w
    left join {{ ml_monitor.aliased(ref(monitor ~ '__hourly_volume'), 'v') }}
        on w.window_start = v.window_start and v.model_version = '__all__' and v.segment_name = '__all__'
    left join value_hours as h on w.window_start = h.window_start

),

{% if has_labels -%}
{{ ml_monitor.label_quality_hours(spec, labels_log, declaration_hash, fold_before, built) }}

{% endif -%}
quality_hours as (

    select * from inference_hours
    {%- if has_labels %}
    union all
    select * from label_hours
    {%- endif %}

),
{%- endmacro %}


{#- The select of the group `quality_score`. Arguments: monitor (string). -#}
{% macro quality_score_select(monitor) -%}
    {%- set spec = ml_monitor.monitor_spec(monitor) -%}
    {%- set declaration_hash = ml_monitor.declaration_hash(spec, 'quality_score') -%}
    {%- set has_labels = ml_monitor.has_part(monitor, 'labels') -%}
    {%- set weights = spec.get('quality_weights') or ml_monitor.quality_weights({}) -%}
    {%- set text = ml_monitor.text_type() -%}
    {%- set counts = [
        'logged_rows', 'current_rows', 'quarantined_rows', 'duplicate_rows', 'unreconciled_rows', 'late_rows', 'timed_rows',
        'missing_values', 'expected_values', 'invalid_values', 'checked_values',
    ] -%}
with

{{ ml_monitor.scored_quality('quality_hours', weights, "case
    when unreconciled_rows > 0 then 'unreconciled_rows'
    when logged_rows > 0 and quarantined_rows = logged_rows then 'all_rows_quarantined'
    when 2 * quarantined_rows > logged_rows then 'most_rows_quarantined'
end") }}

final as (

    select
        {{ ml_monitor.surrogate_key(["'" ~ monitor ~ "'", 'scored.dataset', 'scored.window_start']) }} as quality_score_id,
        cast('{{ monitor }}' as {{ text }}) as monitor,
        cast(scored.dataset as {{ text }}) as dataset,
        cast('hour' as {{ text }}) as window_grain,
        scored.window_start,
        scored.window_end,
        {%- for name in ['model_version', 'segment_name', 'segment_value'] %}
        cast('__all__' as {{ text }}) as {{ name }},
        {%- endfor %}
        scored.quality_score,
        cast(scored.hard_rule as {{ text }}) as hard_rule,
        cast(case
            when scored.hard_rule is not null then null
            when scored.logged_rows = 0 then 'no_rows'
            when scored.weight_sum = 0 then 'no_weighted_part'
        end as {{ text }}) as reason,
        {%- for part, weight in weights.items() %}
        {{ ml_monitor.float64('scored.' ~ part) }} as {{ part }},
        {{ ml_monitor.float64(weight) }} as {{ part }}_weight,
        {%- endfor %}
        {%- for name in counts %}
        cast(scored.{{ name }} as bigint) as {{ name }},
        {%- endfor %}
        {{ ml_monitor.window_key('scored.dataset', 'scored.window_start') }} as rebuild_key,
        cast('{{ declaration_hash }}' as {{ text }}) as declaration_hash,
        cast((select ml_batch from newest) as bigint) as ml_batch,
        cast({{ '(select labels_batch from newest_label)' if has_labels else 0 }} as bigint) as labels_batch
    from scored

)

select * from final
{%- endmacro %}


{#-
  CTEs ending in `label_hours`: the hours of the labels that must be written, in the shape of `inference_hours`. An hour exists if the
  inferences have a window for it or a label was logged for it. Every logged row is expected to have a label; an earlier version
  of a corrected label is a duplicate, as in the log.

  Arguments: spec (dict of monitor_spec), labels_log (relation), declaration_hash (string), fold_before (SQL or none), built (SQL: the stored rows of the group).
-#}
{% macro label_quality_hours(spec, labels_log, declaration_hash, fold_before, built) -%}
{%- set label = ml_monitor.role_column(spec.labels, 'label') -%}
{%- set label_kind = (spec.labels | selectattr('role', 'equalto', 'label') | map(attribute='kind') | list + ['categorical'])[0] -%}
{%- set label_time = ml_monitor.role_column(spec.labels, 'label_time') -%}
{%- set ingest_time = ml_monitor.role_column(spec.labels, 'ingest_time') -%}
{%- set is_missing = 'log.' ~ label ~ ' is null' ~ (' or ' ~ ml_monitor.is_nan(ml_monitor.float64('log.' ~ label)) if label_kind == 'numeric' else '') -%}
newest_label as (

    select coalesce(max(ml_batch), 0) as labels_batch from {{ labels_log }}

),

label_windows as (

    select window_start, window_end
    from windows
    where
        window_grain = 'hour'
        {%- if fold_before %}
        and window_start >= {{ fold_before }}
        {%- endif %}
    union
    select ml_event_hour as window_start, {{ ml_monitor.add_hours('ml_event_hour', 1) }} as window_end
    from {{ labels_log }}
    where
        {{ ml_monitor.add_hours('ml_event_hour', 1) }} <= {{ ml_monitor.as_of() }}
        {%- if fold_before %}
        and ml_event_hour >= {{ fold_before }}
        {%- endif %}

),

touched_label_windows as (

    select label_windows.*
    from label_windows
    {%- if ml_monitor.is_incremental() %}
    where
        label_windows.window_start in (
            select ml_event_hour
            from {{ labels_log }}
            where ml_batch > (select coalesce(max(labels_batch), 0) from {{ ml_monitor.aliased(built, 'built') }})
        )
        or not exists (
            select 1
            from {{ built }} as built
            where
                built.dataset = 'labels'
                and built.window_start = label_windows.window_start
                and built.declaration_hash = '{{ declaration_hash }}'
        )
    {%- endif %}

),

label_counts as (

    select
        log.ml_event_hour as window_start,
        count(*) as logged_rows,
        sum(case when log.ml_row_state = 'current' then 1 else 0 end) as current_rows,
        sum(case when log.ml_row_state = 'quarantined' then 1 else 0 end) as quarantined_rows,
        sum(case when log.ml_row_state = 'duplicate' then 1 else 0 end) as duplicate_rows,
        sum(case when log.ml_row_state = 'current' and {{ ml_monitor.minutes_between('log.' ~ label_time, 'log.' ~ ingest_time) ~ ' > ' ~ spec.late_after_minutes if ingest_time else 'false' }} then 1 else 0 end) as late_rows,
        sum(case when {{ is_missing }} then 1 else 0 end) as missing_values
    from {{ ml_monitor.aliased(labels_log, 'log') }}
    where
        log.ml_row_state <> 'deleted'
        {%- if ml_monitor.is_incremental() %}
        and log.ml_event_hour in (select window_start from touched_label_windows)
        {%- endif %}
    group by log.ml_event_hour

),

label_hours as (

    select
        'labels' as dataset,
        w.window_start,
        w.window_end,
        coalesce(c.logged_rows, 0) as logged_rows,
        coalesce(c.current_rows, 0) as current_rows,
        coalesce(c.quarantined_rows, 0) as quarantined_rows,
        coalesce(c.duplicate_rows, 0) as duplicate_rows,
        cast(null as bigint) as unreconciled_rows,
        coalesce(c.late_rows, 0) as late_rows,
        {{ 'coalesce(c.current_rows, 0)' if ingest_time else '0' }} as timed_rows,
        coalesce(c.missing_values, 0) as missing_values,
        coalesce(c.logged_rows, 0) as expected_values,
        coalesce(c.quarantined_rows, 0) as invalid_values,
        coalesce(c.current_rows + c.quarantined_rows, 0) as checked_values
    from touched_label_windows as w
    left join label_counts as c on w.window_start = c.window_start

),
{%- endmacro %}


{#- The columns of the group `quality_score` of <m>__window_metrics. -#}
{% macro quality_score_columns() %}
    {%- do return(ml_monitor.listed_columns([
        ['quality_score_id', 'string', 'md5 of monitor, dataset and window_start.'],
        'monitor',
        ['dataset', 'string', 'inferences or labels.'],
        ['window_grain', 'Always hour.'],
        'window_start', 'window_end',
        ['model_version, segment_name, segment_value', 'Always `__all__`.'],
        ['quality_score', 'double', 'Weighted mean of the parts that are defined (0 to 1), 0 if a hard rule is broken; NULL without rows.'],
        ['hard_rule', 'string', 'Hard rule that makes the score 0: unreconciled_rows, all_rows_quarantined or most_rows_quarantined (more '
            'than half); else NULL.'],
        ['reason', 'Why there is no score: no_rows or no_weighted_part; else NULL.'],
        ['freshness', 'double', '1 - late_rows / timed_rows (0 to 1); NULL without any.'],
        ['freshness_weight', 'double', 'Declared weight of freshness; the four add up to 1.'],
        ['completeness', 'double', '1 - missing_values / expected_values (0 to 1); NULL without any.'],
        ['completeness_weight', 'double', 'Declared weight of completeness; the four add up to 1.'],
        ['validity', 'double', '1 - invalid_values / checked_values (0 to 1); NULL without any.'],
        ['validity_weight', 'double', 'Declared weight of validity; the four add up to 1.'],
        ['uniqueness', 'double', '1 - duplicate_rows / logged_rows (0 to 1); NULL without any.'],
        ['uniqueness_weight', 'double', 'Declared weight of uniqueness; the four add up to 1.'],
        ['logged_rows', 'bigint', 'Rows of the log that count for the hour: current, duplicate and quarantined.'],
        'current_rows', 'quarantined_rows',
        ['duplicate_rows', 'Rows that repeat a prediction id; of labels also the earlier versions of a corrected one.'],
        ['unreconciled_rows', 'bigint', 'Rows ingested in the hour in staging less those in the log, as magnitude; NULL for labels.'],
        ['late_rows', 'Current rows that were ingested more than late_after_minutes after their event, or after their label time.'],
        ['timed_rows', 'bigint', 'Current rows; 0 if no ingest time is declared.'],
        ['missing_values', 'bigint', 'NULLs and NaNs in the features of the current rows; of labels the rows without a label.'],
        ['expected_values', 'bigint', 'Features times current rows; of labels the logged rows.'],
        ['invalid_values', 'bigint', 'Values outside their declared range or list, and all checked values of a quarantined row; of labels '
            'the quarantined rows.'],
        ['checked_values', 'bigint', 'Columns with a declared range or list (1 if there is none) times current and quarantined rows; of '
            'labels those rows.'],
        ['rebuild_key', 'dataset and window_start as one text: what a run deletes and writes again.'],
        'declaration_hash', 'ml_batch', 'labels_batch',
    ])) -%}
{% endmacro %}

{#-
  The group `quality_score` of <m>__window_metrics: one number per dataset and hour for how good the rows are, with the parts it is the
  weighted mean of, and the counts behind them. It sums up and finds nothing that a metric of its own does not find; no policy judges it
  unless a row asks.

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

  Arguments: spec (dict of monitor_spec).
  Returns: CTEs ending in `quality_hours`, the hours to write, with their counts. Columns: quality_score_columns; parts, weights and score
  are 0 to 1.
-#}
{% macro quality_score_windows(spec) -%}
    {%- set fold_before = ml_monitor.fold_before(spec) -%}
    {%- set has_labels = ml_monitor.has_part(spec.name, 'labels') -%}
    {%- set ns = namespace(ruled=[]) -%}
    {%- for column in ml_monitor.monitored_columns(spec) if column.min is not none or column.max is not none or column.accepted_values
        or column.pattern -%}
        {%- set ns.ruled = ns.ruled + [ml_monitor.string_literal(column.name)] -%}
    {%- endfor -%}
    {%- set values_per_row = [ns.ruled | length, 1] | max -%}
-- A row of the labels does not make a window of the inferences known.
inference_windows as (

    select windows.window_start, windows.window_end
    from windows
    where
        windows.window_grain = 'hour'
        and {{ ml_monitor.is_kept_hour(fold_before) }}
        {%- if ml_monitor.is_incremental() %}
        and (
            {{ ml_monitor.is_touched(
                ml_monitor.declaration_hash(spec, 'quality_score'), "built.metric_group = 'quality_score' and built.dataset = 'inferences'"
            ) | indent(12) }}
        )
        {%- endif %}

),

inference_hours as (

    select
        'inferences' as dataset,
        w.window_start,
        w.window_end,
        {%- for name in ['logged', 'current', 'quarantined', 'duplicate'] %}
        coalesce(max(v.{{ name }}_rows), 0) as {{ name }}_rows,
        {%- endfor %}
        abs(coalesce(max(v.raw_ingested_rows), 0) - coalesce(max(v.log_ingested_rows), 0)) as unreconciled_rows,
        coalesce(max(v.late_rows), 0) as late_rows,
        {{ 'coalesce(max(v.current_rows), 0)' if ml_monitor.role_column(spec.inferences, 'ingest_time') else '0' }} as timed_rows,
        coalesce(sum(case when q.column_role = 'feature' then q.null_count + q.nan_count end), 0) as missing_values,
        coalesce(sum(case when q.column_role = 'feature' then q.row_count end), 0) as expected_values,
        {{ 'coalesce(sum(case when q.column_name in (' ~ ns.ruled | join(', ') ~ ') then q.invalid_count end), 0)' if ns.ruled else '0' }}
        + coalesce(max(v.quarantined_rows), 0) * {{ values_per_row }} as invalid_values,
        coalesce(max(v.current_rows + v.quarantined_rows), 0) * {{ values_per_row }} as checked_values
    from inference_windows as w
    left join {{ ml_monitor.aliased(ref(spec.name ~ '__hourly_volume'), 'v') }}
        on w.window_start = v.window_start and v.model_version = '__all__' and v.segment_name = '__all__'
    left join {{ ml_monitor.aliased(ref(spec.name ~ '__data_quality'), 'q') }}
        on w.window_start = q.window_start and q.window_grain = 'hour' and q.segment_name = '__all__'
    group by w.window_start, w.window_end

),

{% if has_labels -%}
{{ ml_monitor.label_quality_hours(spec) }}

{% endif -%}
quality_hours as (

    select * from inference_hours
    {%- if has_labels %}
    union all
    select * from label_hours
    {%- endif %}

),
{%- endmacro %}


{#-
  CTEs ending in `label_hours`: the hours of the labels that must be written, in the shape of `inference_hours`. An hour exists if the
  inferences have a window for it or a label was logged for it. Every logged row is expected to have a label; an earlier version
  of a corrected label is a duplicate, as in the log.

  Arguments: spec (dict of monitor_spec).
-#}
{% macro label_quality_hours(spec) -%}
{%- set labels_log = ref(spec.name ~ '__labels_log') -%}
{%- set fold_before = ml_monitor.fold_before(spec) -%}
{%- set is_group = "built.metric_group = 'quality_score'" -%}
{%- set label = 'log.' ~ ml_monitor.role_column(spec.labels, 'label') -%}
{%- set label_kind = (spec.labels | selectattr('role', 'equalto', 'label') | map(attribute='kind') | list + ['categorical'])[0] -%}
{%- set ingest_time = ml_monitor.role_column(spec.labels, 'ingest_time') -%}
{%- set minutes = ml_monitor.minutes_between('log.' ~ ml_monitor.role_column(spec.labels, 'label_time'), 'log.' ~ ingest_time)
    if ingest_time -%}
{%- set label_hour_end = ml_monitor.add_hours('ml_event_hour', 1) -%}
newest_label as (

    select coalesce(max(ml_batch), 0) as labels_batch from {{ labels_log }}

),

label_windows as (

    select window_start, window_end
    from windows
    where window_grain = 'hour' and {{ ml_monitor.is_kept_hour(fold_before) }}
    union
    select ml_event_hour as window_start, {{ label_hour_end }} as window_end
    from {{ labels_log }}
    where {{ label_hour_end }} <= {{ ml_monitor.as_of() }}{{ ' and ml_event_hour >= ' ~ fold_before if fold_before }}

),

touched_label_windows as (

    select label_windows.window_start, label_windows.window_end
    from label_windows
    {%- if ml_monitor.is_incremental() %}
    where
        label_windows.window_start in (
            select ml_event_hour
            from {{ labels_log }}
            where ml_batch > (select coalesce(max(built.labels_batch), 0) from {{ this }} as built where {{ is_group }})
        )
        or not exists (
            select 1
            from {{ this }} as built
            where
                {{ is_group }}
                and built.dataset = 'labels'
                and built.window_start = label_windows.window_start
                and built.declaration_hash = '{{ ml_monitor.declaration_hash(spec, 'quality_score') }}'
        )
    {%- endif %}

),

label_hours as (

    select
        'labels' as dataset,
        w.window_start,
        w.window_end,
        count(log.ml_event_hour) as logged_rows,
        {%- for state in ['current', 'quarantined', 'duplicate'] %}
        sum(case when log.ml_row_state = '{{ state }}' then 1 else 0 end) as {{ state }}_rows,
        {%- endfor %}
        cast(null as bigint) as unreconciled_rows,
        {{ "sum(case when log.ml_row_state = 'current' and " ~ minutes ~ ' > ' ~ spec.late_after_minutes ~ ' then 1 else 0 end)'
            if ingest_time else 0 }} as late_rows,
        {{ "sum(case when log.ml_row_state = 'current' then 1 else 0 end)" if ingest_time else 0 }} as timed_rows,
        sum(case when log.ml_event_hour is not null and ({{ label }} is null{{ ' or ' ~ ml_monitor.is_nan(ml_monitor.float64(label))
            if label_kind == 'numeric' }}) then 1 else 0 end) as missing_values,
        count(log.ml_event_hour) as expected_values,
        sum(case when log.ml_row_state = 'quarantined' then 1 else 0 end) as invalid_values,
        sum(case when log.ml_row_state in ('current', 'quarantined') then 1 else 0 end) as checked_values
    from touched_label_windows as w
    left join {{ ml_monitor.aliased(labels_log, 'log') }} on w.window_start = log.ml_event_hour and log.ml_row_state <> 'deleted'
    group by w.window_start, w.window_end

),
{%- endmacro %}

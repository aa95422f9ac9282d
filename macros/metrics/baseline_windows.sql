{#-
  Model <m>__baseline_windows: the days of serving and which of them form the `serving` baseline: the first 28 clean ones
  (var ml_baseline_days), for all versions together and for each version, whose scores have a baseline of their own. An expected change
  (var ml_expected_changes) begins a new one, from the days after it.

  A day is clean if it has at least a tenth (var ml_baseline_min_share) of the rows of the median day (of a sampled log the requests that
  they stand for), at most 5 % duplicates, quarantined
  and late rows (var ml_baseline_max_faulty_share), and no maintenance window touches it. The median is that of the first days, as many as
  the baseline has.

  Arguments: monitor (string).
  Columns: model_version (`__all__` or one), baseline_since, window_start, window_end (UTC days), row_count, faulty_rows,
    reason (why it is not clean: too_few_rows, faulty_rows, maintenance; else null), clean_rank (1 is the first clean day),
    is_baseline, rebuild_key, input_state (what the rows are made of: they are written again when it is another)
-#}
{% macro baseline_windows(monitor) %}
    {{- ml_monitor.monitor_model(
        monitor, reads=['hourly_volume', 'maintenance_windows', 'expected_changes'], key='rebuild_key', access='public'
    ) -}}
    {%- if execute -%}{{ ml_monitor.baseline_windows_select(monitor) }}{%- endif -%}
{% endmacro %}


{#- The select of <m>__baseline_windows. Arguments: monitor (string). -#}
{% macro baseline_windows_select(monitor) %}
    {%- set spec = ml_monitor.monitor_spec(monitor) -%}
    {%- set volume = ref(monitor ~ '__hourly_volume') -%}
    {%- set text = ml_monitor.text_type() -%}
    {%- set changes = ml_monitor.expected_changes(monitor) -%}
    {%- set baseline = 'model_version' ~ (', baseline_since' if changes) -%}
    {%- set is_sampled = ml_monitor.sampling_weight(spec) is not none -%}
    {%- set head -%}
maintenance as (

    {{ ml_monitor.maintenance_windows(monitor) | indent(4) }}

),

days as (

    select
        model_version,
        {{ ml_monitor.truncate('day', 'window_start') }} as window_start,
        sum(current_rows) as row_count,
        {%- if is_sampled %}
        sum(scaled_current_rows) as scaled_rows,
        {%- endif %}
        sum(duplicate_rows + quarantined_rows + late_rows) as faulty_rows,
        sum(logged_rows) as logged_rows
    from {{ volume }}
    where segment_name = '__all__'
    group by model_version, {{ ml_monitor.truncate('day', 'window_start') }}

),

{% if changes -%}
baselines as (

    select baseline_since from ({{ changes }}) as expected_changes
    union
    select {{ ml_monitor.first_baseline() }} as baseline_since

),

{% endif -%}
complete_days as (

    select *, row_number() over (partition by {{ baseline }} order by window_start) as day_number
    from days
    {%- if changes %}
    inner join baselines on days.window_start >= baselines.baseline_since
    {%- endif %}
    where {{ ml_monitor.date_add('day', 1, 'window_start') }} <= {{ ml_monitor.as_of() }}

),

-- The median of the first days, which later days do not change.
typical_days as (

    select {{ baseline }}, {{ ml_monitor.quantile(0.5, 'scaled_rows' if is_sampled else 'row_count') }} as median_rows
    from complete_days
    where day_number <= {{ spec.settings.baseline_days }}
    group by {{ baseline }}

),

judged as (

    select
        days.model_version,
        {{ 'days.baseline_since' if changes else ml_monitor.first_baseline() }} as baseline_since,
        days.window_start,
        cast({{ ml_monitor.date_add('day', 1, 'days.window_start') }} as timestamp) as window_end,
        days.row_count,
        days.faulty_rows,
        case
            when days.{{ 'scaled_rows' if is_sampled else 'row_count' }} < {{ spec.settings.baseline_min_share }} * typical_days.median_rows
                then 'too_few_rows'
            when days.faulty_rows > {{ spec.settings.baseline_max_faulty_share }} * days.logged_rows then 'faulty_rows'
            when exists (
                select 1
                from maintenance
                where
                    maintenance.starts_at < {{ ml_monitor.date_add('day', 1, 'days.window_start') }}
                    and maintenance.ends_at > days.window_start
            ) then 'maintenance'
        end as reason
    from complete_days as days
    inner join typical_days
        on
            days.model_version = typical_days.model_version
            {%- if changes %}
            and days.baseline_since = typical_days.baseline_since
            {%- endif %}

),

ranked as (

    select
        *,
        case when reason is null then sum(case when reason is null then 1 else 0 end) over (
            partition by {{ baseline }} order by window_start rows between unbounded preceding and current row
        ) end as clean_rank
    from judged

),

{{ ml_monitor.changed_inputs(
    [['ranked', ['model_version', 'baseline_since', 'window_start', 'row_count', 'faulty_rows', 'reason', 'clean_rank']]],
    'first ' ~ spec.settings.baseline_days ~ ' days'
) }}
    {%- endset -%}
{%- call ml_monitor.select_if_any('baseline_windows', monitor, head, 'changed_inputs') %}

final as (

    select
        cast(model_version as {{ text }}) as model_version,
        baseline_since,
        window_start,
        window_end,
        cast(row_count as bigint) as row_count,
        cast(faulty_rows as bigint) as faulty_rows,
        cast(reason as {{ text }}) as reason,
        cast(clean_rank as int) as clean_rank,
        coalesce(clean_rank <= {{ spec.settings.baseline_days }}, false) as is_baseline,
        cast('serving' as {{ text }}) as rebuild_key,
        cast((select input_state from changed_inputs) as {{ text }}) as input_state
    from ranked
    where exists (select 1 from changed_inputs)

)

select * from final
{%- endcall %}
{% endmacro %}


{#- The columns of <m>__baseline_windows. -#}
{% macro baseline_windows_columns() %}
    {%- do return(ml_monitor.listed_columns([
        ['model_version', 'Model version; `__all__` for all together, whose days are the baseline of the features.'],
        ['baseline_since', 'timestamp', 'First day of the baseline that the row speaks of, after an expected change; 1970-01-01 for the '
            'first one.'],
        ['window_start', 'Start of the day (UTC), inclusive.'],
        ['window_end', 'End of the day (UTC), exclusive.'],
        ['row_count', 'Current rows of the day.'],
        ['faulty_rows', 'bigint', 'Duplicate, quarantined and late rows of the day.'],
        ['reason', 'Why the day is not clean: too_few_rows, faulty_rows or maintenance; else NULL.'],
        ['clean_rank', 'int', 'Number of the day among the clean ones from 1; NULL if it is not clean.'],
        ['is_baseline', 'boolean', 'True if the day belongs to the serving baseline.'],
        ['rebuild_key', 'Always serving: the table is written as a whole.'],
        'input_state',
    ])) -%}
{% endmacro %}

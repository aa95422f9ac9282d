{#-
  Label drift: PSI of the labels of each window against those of the serving baseline, in two pieces of CTEs for <m>__performance.
  Classes are the bins; a label that is a number is counted by the frozen edges of its prediction. A window is compared with the
  days of the baseline whose labels have had the declared horizon to arrive, less its own. All versions together, since a label
  is of the world and not of a model.

  Source: STATISTICS, "Pooling and noise", "Restlessness", "Verdict".
-#}


{#-
  The drift of the labels of the windows to write.

  Arguments: spec (dict of monitor_spec). Written windows and the days of the baseline are compared, longer windows by total.
  CTEs: ends in `label_drift`, one row per window_grain, window_start, segment_name, segment_value with a label: reference_rows,
    current_rows, bin_count, psi, psi_excess, psi_noise (as distances_from_counts), baseline_variation, baseline_windows (days it is the
    mean of), top_bin (text), top_bin_reference_share, top_bin_current_share (0 to 1), is_in_baseline (boolean).
-#}
{% macro label_drift(spec) -%}
{%- set is_regression = spec.task == 'regression' -%}
{%- set prediction = spec.inferences | selectattr('role', 'equalto', 'prediction') | map(attribute='name') | first -%}
{%- set bin = 'case when w.is_subject = 1 then r.bin else w.bin end' -%}
{%- set subject = ['window_grain', 'window_start', 'segment_name', 'segment_value'] -%}
{% if is_regression -%}
{{ ml_monitor.bin_labels(spec) }}

label_bin_names as (

    select bin, label from bin_labels where column_name = {{ ml_monitor.string_literal(prediction) }}

),

label_bins as (

    select window_start, segment_name, segment_value, label_bin as bin, row_count from label_counts

),
{%- else -%}
label_bin_names as (

    select label, cast(row_number() over (order by label) as int) as bin
    from (select distinct label_bin as label from label_counts) as classes
    union all
    select 'all other classes' as label, -99 as bin

),

label_bins as (

    select c.window_start, c.segment_name, c.segment_value, names.bin, c.row_count
    from label_counts as c
    inner join label_bin_names as names on c.label_bin = names.label and names.bin > 0

),
{%- endif %}

-- Days of the baseline are compared even if they are not written: they say how variable the labels are. Nothing that an expected change
-- lies in is compared.
label_windows as (

    select w.window_grain, w.window_start, w.window_end, periods.baseline_since
    from (
        select window_grain, window_start, window_end from written_windows
        union
        select 'day' as window_grain, window_start, cast({{ ml_monitor.date_add('day', 1, 'window_start') }} as timestamp) as window_end
        from label_baseline_days
    ) as w
    inner join label_periods as periods on w.window_start >= periods.baseline_since and w.window_end <= periods.period_end

),

-- By bin and, where is_subject is 1, over all bins.
label_window_bins as (

    select
        w.window_grain,
        w.window_start,
        c.segment_name,
        c.segment_value,
        c.bin,
        grouping(c.bin) as is_subject,
        max(w.baseline_since) as baseline_since,
        sum(c.row_count) as row_count,
        sum(case when b.window_start is null then 0 else c.row_count end) as own_count
    from label_windows as w
    inner join label_bins as c
        on
            c.window_start >= w.window_start
            and c.window_start < w.window_end
            and (w.window_grain = 'day' or c.segment_name = '__all__')
    left join label_baseline_days as b on c.window_start = b.window_start and w.baseline_since = b.baseline_since
    group by grouping sets (
        (w.window_grain, w.window_start, c.segment_name, c.segment_value, c.bin),
        (w.window_grain, w.window_start, c.segment_name, c.segment_value)
    )

),

label_references as (

    select b.baseline_since, c.segment_name, c.segment_value, c.bin, sum(c.row_count) as row_count
    from label_bins as c
    inner join label_baseline_days as b on c.window_start = b.window_start
    group by b.baseline_since, c.segment_name, c.segment_value, c.bin

),

-- A window is compared with the baseline less its own days: its row over all bins is joined to the baseline.
label_pairs as (

    select
        w.{{ subject | join(', w.') }},
        {{ bin }} as bin,
        1 = 0 as is_pooled,
        max(w.baseline_since) as baseline_since,
        sum(case when w.is_subject = 1 then r.row_count else -w.own_count end) as reference_count,
        sum(case when w.is_subject = 1 then 0 else w.row_count end) as current_count,
        sum(case when w.is_subject = 1 then 0 else w.own_count end) as own_count
    from label_window_bins as w
    left join label_references as r
        on
            w.is_subject = 1
            and w.baseline_since = r.baseline_since
            and w.segment_name = r.segment_name
            and w.segment_value = r.segment_value
    where w.is_subject = 0 or r.bin is not null
    group by w.{{ subject | join(', w.') }}, {{ bin }}

),

{{ ml_monitor.distances_from_counts('label_pairs', subject, 'label_psi', own_count='own_count') }}

label_sizes as (

    select
        {{ subject | join(', ') }},
        max(baseline_since) as baseline_since,
        sum(reference_count) as reference_rows,
        sum(current_count) as current_rows,
        sum(own_count) > 0 as is_in_baseline
    from label_pairs
    group by {{ subject | join(', ') }}

),

label_baseline_variation as (

    select
        b.baseline_since,
        v.segment_name,
        v.segment_value,
        {{ ml_monitor.baseline_variation('v.psi_excess') }} as baseline_variation,
        cast(count(v.psi_excess) as int) as baseline_windows
    from label_psi_values as v
    inner join label_baseline_days as b on v.window_grain = 'day' and v.window_start = b.window_start
    group by b.baseline_since, v.segment_name, v.segment_value

),

label_drift as (

    select
        {% for key in subject %}s.{{ key }}, {% endfor %}
        s.reference_rows,
        s.current_rows,
        coalesce(v.bin_count, 0) as bin_count,
        v.psi,
        v.psi_excess,
        v.psi_noise,
        coalesce(r.baseline_variation, 0) as baseline_variation,
        coalesce(r.baseline_windows, 0) as baseline_windows,
        {{ ml_monitor.bin_text(spec, ml_monitor.string_literal(prediction), 'names.label', 'v.top_bin') if is_regression
            else 'names.label' }} as top_bin,
        v.top_bin_reference_share,
        v.top_bin_current_share,
        s.is_in_baseline
    from label_sizes as s
    left join label_psi_values as v on {% for key in subject %}s.{{ key }} = v.{{ key }}{{ ' and ' if not loop.last }}{% endfor %}
    left join label_baseline_variation as r
        on s.baseline_since = r.baseline_since and s.segment_name = r.segment_name and s.segment_value = r.segment_value
    left join label_bin_names as names on case when v.top_bin = -99 then coalesce(v.rest_bin, -99) else v.top_bin end = names.bin

),
{%- endmacro %}

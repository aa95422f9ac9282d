{#-
  Label drift: PSI of the labels of each day against those of the serving baseline, in two pieces of CTEs for <m>__performance.
  Classes are the bins; a label that is a number is counted by the frozen edges of its prediction. A day is compared with the
  days of the baseline whose labels have had the declared horizon to arrive, and never with itself. All versions together, since a label
  is of the world and not of a model.

  Source: STATISTICS, "Pooling and noise", "Restlessness", "Verdict".
-#}


{#-
  The drift of the labels of the windows to write.

  Arguments: spec (dict of monitor_spec), written_windows (CTE name with window_start).
  CTEs: ends in `label_drift`, one row per window_start, segment_name, segment_value with a label: reference_rows, current_rows, bin_count,
    psi, psi_excess, psi_noise (as distances_from_counts), baseline variation, baseline_windows (days it is the mean of), top_bin (text),
    top_bin_reference_share, top_bin_current_share (0 to 1), is_in_baseline (boolean).
-#}
{% macro label_drift(spec, written_windows='written_windows') -%}
{%- set is_regression = spec.task == 'regression' -%}
{%- set prediction = spec.inferences | selectattr('role', 'equalto', 'prediction') | map(attribute='name') | first -%}
{%- set subject = ['window_start', 'segment_name', 'segment_value'] -%}
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

-- Days of the baseline are compared even if they are not written: they say how variable the labels are.
label_subjects as (

    select distinct c.window_start, c.segment_name, c.segment_value
    from label_counts as c
    where c.window_start in (select window_start from {{ written_windows }} union select window_start from label_baseline_days)

),

label_references as (

    select c.segment_name, c.segment_value, c.bin, sum(c.row_count) as row_count
    from label_bins as c
    inner join label_baseline_days as b on c.window_start = b.window_start
    group by c.segment_name, c.segment_value, c.bin

),

-- A day inside the baseline is compared with the rest of it.
label_pairs as (

    select {{ subject | join(', ') }}, bin, 1 = 0 as is_pooled, sum(reference_count) as reference_count, sum(current_count) as current_count
    from (
        select s.window_start, s.segment_name, s.segment_value, r.bin, r.row_count as reference_count, 0 as current_count
        from label_subjects as s
        inner join label_references as r on s.segment_name = r.segment_name and s.segment_value = r.segment_value
        union all
        select
            c.window_start,
            c.segment_name,
            c.segment_value,
            c.bin,
            case when b.window_start is null then 0 else -c.row_count end as reference_count,
            c.row_count as current_count
        from label_bins as c
        left join label_baseline_days as b on c.window_start = b.window_start
        where c.window_start in (select window_start from label_subjects)
    ) as sides
    group by {{ subject | join(', ') }}, bin

),

{{ ml_monitor.distances_from_counts('label_pairs', subject, 'label_psi') }}

label_sizes as (

    select {{ subject | join(', ') }}, sum(reference_count) as reference_rows, sum(current_count) as current_rows
    from label_pairs
    group by {{ subject | join(', ') }}

),

label_baseline_variation as (

    select
        v.segment_name,
        v.segment_value,
        {{ ml_monitor.baseline_variation('v.psi_excess') }} as baseline_variation,
        cast(count(v.psi_excess) as int) as baseline_windows
    from label_psi_values as v
    inner join label_baseline_days as b on v.window_start = b.window_start
    group by v.segment_name, v.segment_value

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
        b.window_start is not null as is_in_baseline
    from label_sizes as s
    left join label_psi_values as v on {% for key in subject %}s.{{ key }} = v.{{ key }}{{ ' and ' if not loop.last }}{% endfor %}
    left join label_baseline_variation as r on s.segment_name = r.segment_name and s.segment_value = r.segment_value
    left join label_bin_names as names on case when v.top_bin = -99 then coalesce(v.rest_bin, -99) else v.top_bin end = names.bin
    left join label_baseline_days as b on s.window_start = b.window_start

),
{%- endmacro %}

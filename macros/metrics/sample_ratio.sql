{#-
  Whether the arms of an experiment got the rows that they should, for the group `volume`, as the CTE `sample_ratio`: window_grain,
  window_start, sample_ratio_difference, the largest |share of an arm - declared share| (0 to 1), and sample_ratio_difference_low, the
  largest distance of a 99.9 % Wilson interval from its declared share: above 0 the mismatch is no chance, and what is measured by arm is
  not to be trusted. Rows of an arm that is not declared, and those that ml_segment_cap pools, are left out.

  Arguments: spec (with a column with role treatment); the CTE counted must be there.
  Source: Fabijan et al. (2019), Diagnosing sample ratio mismatch in online controlled experiments.
-#}
{% macro sample_ratio(spec) -%}
{%- set treatment = spec.inferences | selectattr('role', 'equalto', 'treatment') | first -%}
{%- set arms = [] -%}
{%- for arm, share in treatment.shares.items() -%}
    {%- set value = ml_monitor.literal_text(arm, treatment.data_type) -%}
    {%- do arms.append([ml_monitor.string_literal(value), ml_monitor.float64(share)]) -%}
{%- endfor -%}
{%- set distances = [
    'arm_share - declared_share', 'declared_share - arm_share', 'share_low - declared_share', 'declared_share - share_high',
] -%}
arms as (

    {{ ml_monitor.values_list(['arm', 'declared_share'], arms) | indent(4) }}

),

arm_shares as (

    select
        window_grain,
        window_start,
        declared_share,
        {{ ml_monitor.ratio('arm_rows', 'total_rows') }} as arm_share,
        {{ ml_monitor.wilson('arm_rows', 'total_rows', 'low') }} as share_low,
        {{ ml_monitor.wilson('arm_rows', 'total_rows', 'high') }} as share_high
    from (
        select
            w.window_grain,
            w.window_start,
            arms.declared_share,
            coalesce(c.current_rows, 0) as arm_rows,
            sum(coalesce(c.current_rows, 0)) over (partition by w.window_grain, w.window_start) as total_rows
        from volume_windows as w
        cross join arms
        left join counted as c
            on
                c.segment_name = {{ ml_monitor.string_literal(treatment.name) }}
                and w.window_grain = c.window_grain
                and w.window_start = c.window_start
                and arms.arm = c.segment_value
    ) as arm_counts

),

sample_ratio as (

    select
        window_grain,
        window_start,
        max({{ ml_monitor.greatest_of(distances[:2]) }}) as sample_ratio_difference,
        max({{ ml_monitor.greatest_of([0] + distances[2:]) }}) as sample_ratio_difference_low
    from arm_shares
    where arm_share is not null
    group by window_grain, window_start

),
{%- endmacro %}

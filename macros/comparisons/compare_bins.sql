{#-
  Each bin of one column in two periods, with its part of PSI, in words: "share of distance 1096 to 1389 rose from 9 % to 31 %".

  Arguments: as compare, and column (string).
  Returns: a select of one row per kept bin: bin (int, -99 is the rest), bin_label, reference_share, current_share (smoothed, as PSI
    has them), contribution (to PSI), contribution_share (of PSI), explanation.
  Raises: as compare, and an unknown column.
-#}
{% macro compare_bins(monitor, current, reference, column) %}
    {%- set spec = ml_monitor.monitor_spec(monitor) -%}
    {%- do ml_monitor.check_periods(spec, {'current': current, 'reference': reference}, column=column) -%}
    {%- set reference = ml_monitor.reference_period(spec, current, reference) -%}
    {%- set found = ml_monitor.compared_column(spec, column) -%}
    {%- set bin_label = ml_monitor.bin_text(spec, 'psi_bins.column_name', 'bin_labels.label', 'psi_bins.bin') -%}
-- ml_monitor.compare_bins('{{ monitor }}')
with

{{ ml_monitor.paired_slots_and_cells(monitor, current, reference, column) }}

bins as (

    select
        column_name,
        slot as bin,
        {{ "slot = 0" if found.kind == 'categorical' else '1 = 0' }} as is_pooled,
        sum(reference_count) as reference_count,
        sum(current_count) as current_count
    from paired_counts
    where slot >= 0
    group by column_name, slot

),

{{ ml_monitor.distances_from_counts('bins', ['column_name']) }}

{{ ml_monitor.bin_labels(spec) }}

final as (

    select
        psi_bins.bin,
        {{ bin_label }} as bin_label,
        psi_bins.reference_share,
        psi_bins.current_share,
        psi_bins.contribution,
        psi_bins.contribution / nullif(psi_values.psi, 0) as contribution_share,
        {{ ml_monitor.string_literal('share of ' ~ column ~ ' ') }} || {{ bin_label }}
        || case when psi_bins.current_share < psi_bins.reference_share then ' fell from ' else ' rose from ' end
        || {{ ml_monitor.filled_text('{100 * psi_bins.reference_share:1} % to {100 * psi_bins.current_share:1} %') }} as explanation
    from psi_bins
    inner join psi_values on psi_bins.column_name = psi_values.column_name
    left join bin_labels on psi_bins.column_name = bin_labels.column_name and psi_bins.bin = bin_labels.bin
    where psi_bins.is_kept = 1

)

select * from final
{%- endmacro %}

{#-
  How much of a column's PSI each value of a segment brings: because there are more or fewer rows of it (mix), or because
  its rows have other values than before (within). Both are exact: over all values they add up to the PSI of the column, here without
  pooling, 0.5 per bin only inside the logarithm.

  With w, v the shares of the value among the rows now and before, and p, q the shares of a bin within it,
      mix    = sum over bins of (w - v) (p + q) / 2 ln(P / Q)
      within = sum over bins of (w + v) / 2 (p - q) ln(P / Q)
  where P and Q are the shares of the bin over all values.

  Arguments: monitor (string), current, reference (as in compare, without segment), column (string), segment (string: a
    declared one).
  Returns: a select of one row per value: segment_value, reference_rows, current_rows, reference_row_share, current_row_share, mix, within,
    contribution (their sum).
  Raises: as compare, and an unknown column or segment; a period with a segment; `training`, which has no segments.
  Source: midpoint decomposition of a difference of products (Kitagawa, J. Am. Stat. Assoc. 50, 1955).
-#}
{% macro compare_segments(monitor, current, reference, column, segment) %}
    {%- set spec = ml_monitor.monitor_spec(monitor) -%}
    {%- do ml_monitor.check_periods(spec, {'current': current, 'reference': reference}, segment, column) -%}
    {%- set reference = ml_monitor.reference_period(spec, current, reference) -%}
-- ml_monitor.compare_segments('{{ monitor }}')
with

counts as (

    select
        segment_value,
        slot,
        {%- for side, period in {'reference': reference, 'current': current}.items() %}
        {%- set row_count = 'sum(case when ' ~ ml_monitor.period_condition(period) ~ ' then row_count else 0 end)' %}
        {{ ml_monitor.float64(row_count) }} as {{ side }}_count{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ ref(monitor ~ '__hourly_profile') }}
    where column_name = {{ ml_monitor.string_literal(column) }} and segment_name = {{ ml_monitor.string_literal(segment) }} and slot >= 0
    group by segment_value, slot

),

slot_totals as (

    select
        slot,
        ln(
            (sum(current_count) + 0.5) / (sum(sum(current_count)) over () + 0.5)
            / ((sum(reference_count) + 0.5) / (sum(sum(reference_count)) over () + 0.5))
        ) as log_ratio
    from counts
    group by slot

),

value_totals as (

    select
        segment_value,
        {%- for side in ['reference', 'current'] %}
        sum({{ side }}_count) as {{ side }}_rows,
        sum({{ side }}_count) / nullif(sum(sum({{ side }}_count)) over (), 0) as {{ side }}_row_share{{ ',' if not loop.last }}
        {%- endfor %}
    from counts
    group by segment_value

),

-- A value without rows on one side has the shares of the other there: all of its change is mix.
slot_shares as (

    select
        counts.segment_value,
        slot_totals.log_ratio,
        t.reference_row_share as v,
        t.current_row_share as w,
        coalesce(counts.reference_count / nullif(t.reference_rows, 0), counts.current_count / nullif(t.current_rows, 0)) as q,
        coalesce(counts.current_count / nullif(t.current_rows, 0), counts.reference_count / nullif(t.reference_rows, 0)) as p
    from counts
    inner join value_totals as t on counts.segment_value = t.segment_value
    inner join slot_totals on counts.slot = slot_totals.slot

),

parts as (

    select
        segment_value,
        sum((w - v) * (p + q) / 2 * log_ratio) as mix,
        sum((w + v) / 2 * (p - q) * log_ratio) as within
    from slot_shares
    group by segment_value

),

final as (

    select
        t.segment_value,
        cast(t.reference_rows as bigint) as reference_rows,
        cast(t.current_rows as bigint) as current_rows,
        t.reference_row_share,
        t.current_row_share,
        parts.mix,
        parts.within,
        parts.mix + parts.within as contribution
    from value_totals as t
    inner join parts on t.segment_value = parts.segment_value
    where t.reference_rows > 0 or t.current_rows > 0

)

select * from final
{%- endmacro %}

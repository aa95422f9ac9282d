{#-
  Any two periods, versions or segments of a monitor, column by column, from rollups alone: what moved, how far, and where.

  Arguments:
    monitor (string)
    current, reference (dict, both with the same keys, all optional): from (inclusive) and until (exclusive), UTC timestamps as
      text; model_version (string); segment (dict of one declared segment to one value, whose counts are kept by day);
      reference may be a name instead, see reference_period: training, serving, previous, rolling, season or a declared golden period.
  Returns: a select of one row per column: column_name, column_role, column_kind, importance (as declared), reference_rows and
    current_rows (with a value), bin_count, psi, psi_excess, psi_noise, psi_p_value, is_drift_detected (psi_excess above psi_noise: an
    ad-hoc comparison has no restlessness), js_distance, hellinger, tv, linf, chi2, cramers_v, ks, ks_p_value, wasserstein (unit of the
    column), wasserstein_norm, reference_mean, current_mean, reference_sd (units of the column), mean_shift; shares of rows that
    are null, zero, the default value or unseen, before and now (reference_<name>_share, current_<name>_share); top_bin (in words) with its
    shares; weighted_excess (psi_excess times importance), drift_share (share of all columns in which drift is detected).
    ks and wasserstein are NULL for segments and categories.
  Raises: unknown keys of current, unknown keys or name of reference, a time that is none, an end before its beginning, a name that
    needs times current does not say, an undeclared segment.
  Source: STATISTICS, "Distances"; bins and formulas as in distances_from_counts and cumulative_distances.
  Example: {{ '{{ ml_monitor.compare(\'flight_delay\', {\'from\': \'2013-07-01\', \'until\': \'2013-07-08\'}, \'training\') }}' }}
-#}
{% macro compare(monitor, current, reference) %}
    {%- set spec = ml_monitor.monitor_spec(monitor) -%}
    {%- do ml_monitor.check_periods(spec, {'current': current, 'reference': reference}) -%}
    {%- set reference = ml_monitor.reference_period(spec, current, reference) -%}
    {%- set columns = ml_monitor.columns_to_compare(spec) -%}
    {%- set grid = ref(monitor ~ '__grid') -%}
    {%- set has_cells = not (current.segment or (reference is mapping and reference.segment)) -%}
    {%- set shares = ['null', 'zero', 'default', 'unseen'] -%}
-- ml_monitor.compare('{{ monitor }}')
with

declared_columns as (
    {{ ml_monitor.declared_columns_values(columns) }}
),

importances as (
    {% for column in columns %}
    select {{ ml_monitor.string_literal(column.name) }} as column_name, {{ ml_monitor.float64(column.importance if column.importance is not none else 'null') }} as importance{{ ' union all' if not loop.last }}
    {%- else %}
    select cast(null as {{ ml_monitor.text_type() }}) as column_name, {{ ml_monitor.float64('null') }} as importance where 1 = 0
    {%- endfor %}

),

{{ ml_monitor.paired_slots_and_cells(monitor, current, reference) }}

bins as (

    select
        p.column_name,
        p.slot as bin,
        c.column_kind = 'categorical' and p.slot = 0 as is_pooled,
        sum(p.reference_count) as reference_count,
        sum(p.current_count) as current_count
    from paired_counts as p
    inner join declared_columns as c on p.column_name = c.column_name
    where p.slot >= 0
    group by p.column_name, p.slot, c.column_kind

),

{{ ml_monitor.distances_from_counts('bins', ['column_name']) }}

numbers as (

    select
        p.column_name,
        p.slot,
        p.cell,
        p.reference_count,
        p.current_count,
        grid.center + grid.scale * (p.reference_z_sum + p.current_z_sum) / (p.reference_count + p.current_count) as place_mean
    from paired_counts as p
    inner join declared_columns as c on p.column_name = c.column_name
    inner join {{ ml_monitor.numeric_grid(monitor) }} as grid on p.column_name = grid.column_name
    where c.column_kind = 'numeric' and p.slot >= 0 and {{ '1 = 1' if has_cells else '1 = 0' }}

),

{{ ml_monitor.cumulative_distances('numbers', ['column_name'], 'slot, cell', 'place_mean', 'number_distances') }}

moments as (

    select
        p.column_name,
        {%- for side in ['reference', 'current'] %}
        case when sum(p.{{ side }}_count) > 0 then max(grid.center) + max(grid.scale) * sum(p.{{ side }}_z_sum) / sum(p.{{ side }}_count) end as {{ side }}_mean,
        max(grid.scale) * sqrt({{ ml_monitor.variance_from_sums('p.' ~ side ~ '_count', 'p.' ~ side ~ '_z_sum', 'p.' ~ side ~ '_z_squared_sum') }}) as {{ side }}_sd{{ ',' if not loop.last }}
        {%- endfor %}
    from paired_counts as p
    inner join declared_columns as c on p.column_name = c.column_name
    inner join {{ ml_monitor.numeric_grid(monitor) }} as grid on p.column_name = grid.column_name
    where c.column_kind = 'numeric' and p.slot >= 0
    group by p.column_name

),

shares as (

    select
        p.column_name,
        {%- for side in ['reference', 'current'] %}
        sum(case when p.slot >= 0 then p.{{ side }}_count else 0 end) as {{ side }}_rows,
        {{ ml_monitor.ratio('sum(case when p.slot = -1 then p.' ~ side ~ '_count else 0 end)', 'sum(p.' ~ side ~ '_count)') }} as {{ side }}_null_share,
        {{ ml_monitor.ratio('sum(p.' ~ side ~ '_zero_count)', 'sum(p.' ~ side ~ '_count)') }} as {{ side }}_zero_share,
        {{ ml_monitor.ratio('sum(p.' ~ side ~ '_default_count)', 'sum(p.' ~ side ~ '_count)') }} as {{ side }}_default_share,
        {{ ml_monitor.ratio("sum(case when c.column_kind = 'categorical' and p.slot = 0 then p." ~ side ~ '_count else 0 end)', 'sum(p.' ~ side ~ '_count)') }} as {{ side }}_unseen_share{{ ',' if not loop.last }}
        {%- endfor %}
    from paired_counts as p
    inner join declared_columns as c on p.column_name = c.column_name
    group by p.column_name

),

top_bins as (

    select
        psi_bins.*,
        row_number() over (partition by column_name order by contribution desc, bin) as contribution_rank
    from psi_bins
    where bin_count > 1

),

{{ ml_monitor.bin_labels(grid) }}

final as (

    select
        c.column_name,
        c.column_role,
        c.column_kind,
        importances.importance,
        cast(coalesce(shares.reference_rows, 0) as bigint) as reference_rows,
        cast(coalesce(shares.current_rows, 0) as bigint) as current_rows,
        v.bin_count,
        v.psi,
        v.psi_excess,
        v.psi_noise,
        v.psi_p_value,
        coalesce(v.psi_excess > v.psi_noise, false) as is_drift_detected,
        {%- for name in ml_monitor.other_distances() %}
        v.{{ name }},
        {%- endfor %}
        number_distances.ks,
        number_distances.ks_p_value,
        number_distances.wasserstein,
        number_distances.wasserstein / nullif(moments.reference_sd, 0) as wasserstein_norm,
        moments.reference_mean,
        moments.current_mean,
        moments.reference_sd,
        (moments.current_mean - moments.reference_mean) / nullif(moments.reference_sd, 0) as mean_shift,
        {%- for name in shares %}
        shares.reference_{{ name }}_share,
        shares.current_{{ name }}_share,
        {%- endfor %}
        {{ ml_monitor.bin_text(spec, 'top_bins.column_name', 'bin_labels.label', 'top_bins.bin', 'top_bins.holds_rest') }} as top_bin,
        top_bins.reference_share as top_bin_reference_share,
        top_bins.current_share as top_bin_current_share,
        v.psi_excess * importances.importance as weighted_excess,
        avg(case when v.psi_excess > v.psi_noise then {{ ml_monitor.float64(1) }} when v.psi is not null then 0 end) over () as drift_share
    from declared_columns as c
    inner join importances on c.column_name = importances.column_name
    left join psi_values as v on c.column_name = v.column_name
    left join number_distances on c.column_name = number_distances.column_name
    left join moments on c.column_name = moments.column_name
    left join shares on c.column_name = shares.column_name
    left join top_bins on c.column_name = top_bins.column_name and top_bins.contribution_rank = 1
    left join bin_labels on top_bins.column_name = bin_labels.column_name and top_bins.bin = bin_labels.bin

)

select * from final
{%- endmacro %}


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
    {%- set subject = ml_monitor.string_literal(column) -%}
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

{{ ml_monitor.bin_labels(ref(monitor ~ '__grid')) }}

final as (

    select
        psi_bins.bin,
        {{ ml_monitor.bin_text(spec, 'psi_bins.column_name', 'bin_labels.label', 'psi_bins.bin', 'psi_bins.holds_rest') }} as bin_label,
        psi_bins.reference_share,
        psi_bins.current_share,
        psi_bins.contribution,
        psi_bins.contribution / nullif(psi_values.psi, 0) as contribution_share,
        'share of ' || {{ subject }} || ' ' || {{ ml_monitor.bin_text(spec, 'psi_bins.column_name', 'bin_labels.label', 'psi_bins.bin', 'psi_bins.holds_rest') }}
        || case when psi_bins.current_share < psi_bins.reference_share then ' fell from ' else ' rose from ' end
        || {{ ml_monitor.number_text('100 * psi_bins.reference_share', 1) }} || ' % to ' || {{ ml_monitor.number_text('100 * psi_bins.current_share', 1) }} || ' %' as explanation
    from psi_bins
    inner join psi_values on psi_bins.column_name = psi_values.column_name
    left join bin_labels on psi_bins.column_name = bin_labels.column_name and psi_bins.bin = bin_labels.bin

)

select * from final
{%- endmacro %}


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
        {{ ml_monitor.float64('sum(case when ' ~ ml_monitor.period_condition(period) ~ ' then row_count else 0 end)') }} as {{ side }}_count{{ ',' if not loop.last }}
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


{#- Both sides of a comparison as the CTE `paired_counts`: one row per column, slot and cell. Arguments: as compare; column (string, optional). -#}
{% macro paired_slots_and_cells(monitor, current, reference, column=none) -%}
{%- set measures = {'count': 'row_count', 'z_sum': 'z_sum', 'z_squared_sum': 'z_squared_sum', 'zero_count': 'zero_count', 'default_count': 'default_count'} -%}
sides as (
    {% for side, period in {'reference': reference, 'current': current}.items() %}
    select
        column_name,
        slot,
        cell,
        {%- for name, expression in measures.items() %}
        {{ expression if side == 'reference' else 0 }} as reference_{{ name }},
        {{ expression if side == 'current' else 0 }} as current_{{ name }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ ref(monitor ~ '__reference_profile') if period == 'training' else ref(monitor ~ '__hourly_profile') }}
    where
        {% if period == 'training' -%}
        rebuild_key = 'profile'
        {%- else -%}
        {{ ml_monitor.period_condition(period) }}
        and {{ ml_monitor.segment_condition(period) }}
        {%- endif %}
        {%- if column %}
        and column_name = {{ ml_monitor.string_literal(column) }}
        {%- endif %}
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}

),

paired_counts as (

    select
        column_name,
        slot,
        cell,
        {%- for name in measures %}
        sum(reference_{{ name }}) as reference_{{ name }},
        sum(current_{{ name }}) as current_{{ name }}{{ ',' if not loop.last }}
        {%- endfor %}
    from sides
    group by column_name, slot, cell

),
{%- endmacro %}


{#-
  The reference of a comparison as a dict, if it was given by name. It has the version and the segment of the current period (a golden
  period all versions), and no hour of it.

    serving       the days of <m>__baseline_windows that drift compares with
    previous      the period of the same length right before
    rolling       the ml_baseline_days days right before
    season        the same hours of the clock, in the declared time zone, of the same days of the four weeks before; whole days, and
                  segments, which are counted by UTC day, by UTC
    golden period the declared one
    training      stays a name: the training set has neither times nor segments

  Arguments: spec, current (dict), reference (dict, which is returned as it is, or string). Returns: dict with the keys of a period, and
    `condition` (SQL on rows of a profile), or `training`.
-#}
{% macro reference_period(spec, current, reference) %}
    {%- if reference is mapping or reference == 'training' -%}{%- do return(reference) -%}{%- endif -%}
    {%- set like = {'model_version': current.model_version, 'segment': current.segment} -%}
    {%- set ns = namespace(outside='1 = 1') -%}
    {%- if execute and current.from and current.until -%}
        {%- set start = ml_monitor.moment_of(current.from) -%}
        {%- set end = ml_monitor.moment_of(current.until) -%}
        {%- set start_sql = ml_monitor.timestamp_literal(start | string) -%}
        {%- set end_sql = ml_monitor.timestamp_literal(end | string) -%}
        {%- set ns.outside = 'not (window_start >= ' ~ start_sql ~ ' and window_start < ' ~ end_sql ~ ')' -%}
    {%- endif -%}
    {%- if reference == 'serving' -%}
        {%- set days = ref(spec.name ~ '__baseline_windows') -%}
        {%- set version = ml_monitor.string_literal(current.model_version or '__all__') -%}
        {%- set is_chosen = ml_monitor.truncate('day', 'window_start') ~ ' in (select window_start from ' ~ days ~ ' where is_baseline and model_version = ' ~ version ~ ')' -%}
        {%- do return(dict(like, condition=ns.outside ~ ' and ' ~ is_chosen)) -%}
    {%- elif not execute -%}
        {%- do return(like) -%}
    {%- elif reference == 'previous' -%}
        {%- do like.update({'from': start - (end - start), 'until': start}) -%}
        {%- do return(like) -%}
    {%- elif reference == 'rolling' -%}
        {%- set start = ml_monitor.moment_of(current.from) -%}
        {%- do like.update({'from': start - modules.datetime.timedelta(days=spec.settings.baseline_days), 'until': start}) -%}
        {%- do return(like) -%}
    {%- elif reference == 'season' -%}
        {%- do return(dict(like, condition=ml_monitor.is_in_weeks_before(start_sql, end_sql, 'UTC' if current.segment else spec.time_zone))) -%}
    {%- endif -%}
    {%- set ends = spec.golden_periods[reference] -%}
    {%- do return({'from': ends[0], 'until': ends[1], 'segment': current.segment, 'condition': ns.outside}) -%}
{% endmacro %}


{#-
  Rows of a profile in the same hours of the clock of the four weeks before a period: an SQL condition. Arguments: from, until (SQL,
  UTC), time_zone (string).
-#}
{% macro is_in_weeks_before(from, until, time_zone) %}
    {%- set ns = namespace(conditions=[]) -%}
    {%- set clock = {'row': 'window_start', 'from': from, 'until': until} -%}
    {%- if time_zone != 'UTC' -%}
        {%- set clock = {'row': ml_monitor.local_time('window_start', time_zone), 'from': ml_monitor.local_time(from, time_zone), 'until': ml_monitor.local_time(until, time_zone)} -%}
    {%- endif -%}
    {%- for days in [7, 14, 21, 28] -%}
        {%- set ns.conditions = ns.conditions + [clock.row ~ ' >= ' ~ ml_monitor.date_add('day', -days, clock.from) ~ ' and ' ~ clock.row ~ ' < ' ~ ml_monitor.date_add('day', -days, clock.until)] -%}
    {%- endfor -%}
    {%- do return('(' ~ ns.conditions | join(' or ') ~ ')') -%}
{% endmacro %}


{#- Condition on rows of a profile to be in a period: a dict as in compare, or of reference_period, its segment apart. -#}
{% macro period_condition(period) %}
    {%- set ns = namespace(conditions=[]) -%}
    {%- if period.from -%}{%- set ns.conditions = ns.conditions + ['window_start >= ' ~ ml_monitor.timestamp_literal(ml_monitor.timestamp_text(period.from | string))] -%}{%- endif -%}
    {%- if period.until -%}{%- set ns.conditions = ns.conditions + ['window_start < ' ~ ml_monitor.timestamp_literal(ml_monitor.timestamp_text(period.until | string))] -%}{%- endif -%}
    {%- if period.model_version -%}{%- set ns.conditions = ns.conditions + ['model_version = ' ~ ml_monitor.string_literal(period.model_version)] -%}{%- endif -%}
    {%- if period.condition -%}{%- set ns.conditions = ns.conditions + [period.condition] -%}{%- endif -%}
    {%- do return(ns.conditions | join(' and ') or '1 = 1') -%}
{% endmacro %}


{% macro segment_condition(period) %}
    {%- for name, value in (period.segment or {'__all__': '__all__'}).items() -%}
        {%- do return('segment_name = ' ~ ml_monitor.string_literal(name) ~ ' and segment_value = ' ~ ml_monitor.string_literal(value)) -%}
    {%- endfor -%}
{% endmacro %}


{#- Raises what is wrong with the periods of a comparison, all at once. Arguments: spec, periods (dict side -> dict), by_segment (string, or none: the segment it is taken apart by),
    column (string, or none: the one that is compared). -#}
{% macro check_periods(spec, periods, by_segment=none, column=none) %}
    {%- set keys = ['from', 'until', 'model_version'] + ([] if by_segment else ['segment']) -%}
    {%- set segments = spec.segments | map('string') | list -%}
    {%- set names = (['training'] if spec.reference and not by_segment else []) + ml_monitor.named_baselines()[1:] + spec.golden_periods | list -%}
    {%- set ns = namespace(faults=[]) -%}
    {%- if execute -%}
    {%- for side, period in periods.items() -%}
        {%- if period is not mapping and not (side == 'reference' and period in names) -%}
            {%- set ns.faults = ns.faults + [side ~ ': found ' ~ period ~ '; allowed: a dict of ' ~ keys | join(', ') ~ (', or one of ' ~ names | join(', ') if side == 'reference' else '')] -%}
        {%- elif period in ['previous', 'rolling', 'season'] -%}
            {%- set given = periods.current if periods.current is mapping else {} -%}
            {%- for key in (['from'] if period == 'rolling' else ['from', 'until']) if not given[key] -%}
                {%- set ns.faults = ns.faults + ['reference: found ' ~ period ~ ' without current.' ~ key ~ '; allowed: ' ~ period ~ ' where current has ' ~ ('from' if period == 'rolling' else 'from and until')] -%}
            {%- endfor -%}
            {%- if period == 'season' and ml_monitor.is_moment(given.from) and ml_monitor.is_moment(given.until) and ml_monitor.moment_of(given.until) - ml_monitor.moment_of(given.from) > modules.datetime.timedelta(days=7) -%}
                {%- set ns.faults = ns.faults + ['reference: found season of ' ~ given.from ~ ' to ' ~ given.until ~ '; allowed: season where current is a week or less'] -%}
            {%- endif -%}
        {%- elif period is mapping -%}
            {%- for key in period if key not in keys -%}
                {%- set ns.faults = ns.faults + [side ~ '.' ~ key ~ ': unknown key; allowed: ' ~ keys | join(', ')] -%}
            {%- endfor -%}
            {%- for key in ['from', 'until'] if period[key] and not ml_monitor.is_moment(period[key]) -%}
                {%- set ns.faults = ns.faults + [side ~ '.' ~ key ~ ': found ' ~ period[key] ~ '; allowed: a moment in UTC as 2013-07-01 or 2013-07-01 06:00:00'] -%}
            {%- else -%}
                {%- if period.from and period.until and ml_monitor.timestamp_text(period.from | string) >= ml_monitor.timestamp_text(period.until | string) -%}
                    {%- set ns.faults = ns.faults + [side ~ ': found from ' ~ period.from ~ ' until ' ~ period.until ~ '; allowed: from before until'] -%}
                {%- endif -%}
            {%- endfor -%}
            {%- if period.segment is defined and (period.segment is not mapping or period.segment | length != 1 or (period.segment | list)[0] not in segments) -%}
                {%- set ns.faults = ns.faults + [side ~ '.segment: found ' ~ period.segment ~ '; allowed: one of ' ~ (segments | join(', ') or 'none declared') ~ ' with a value'] -%}
            {%- endif -%}
        {%- endif -%}
    {%- endfor -%}
    {%- if by_segment and by_segment not in segments -%}
        {%- set ns.faults = ns.faults + ['segment: found ' ~ by_segment ~ '; allowed: ' ~ (segments | join(', ') or 'none declared')] -%}
    {%- endif -%}
    {%- if column is not none and not ml_monitor.compared_column(spec, column) -%}
        {%- set ns.faults = ns.faults + ['column: found ' ~ column ~ '; allowed: ' ~ ml_monitor.columns_to_compare(spec) | map(attribute='name') | join(', ')] -%}
    {%- endif -%}
    {%- if ns.faults -%}
        {%- do exceptions.raise_compiler_error('ml_monitor: cannot compare two periods of ' ~ spec.name ~ ':\n  ' ~ ns.faults | join('\n  ') ~ "\nWrite: {'from': '2013-07-01', 'until': '2013-07-08'}") -%}
    {%- endif -%}
    {%- endif -%}
{% endmacro %}


{#- The columns that are compared: the monitored ones that do not stand for a rule. -#}
{% macro columns_to_compare(spec) %}
    {%- do return(ml_monitor.monitored_columns(spec) | rejectattr('role', 'in', ml_monitor.rule_roles()) | list) -%}
{% endmacro %}


{#- The compared column of that name; an empty dict if there is none. Arguments: spec, column (string). -#}
{% macro compared_column(spec, column) %}
    {%- do return(ml_monitor.columns_to_compare(spec) | selectattr('name', 'equalto', column) | first | default({}, true)) -%}
{% endmacro %}

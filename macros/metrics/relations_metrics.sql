{#-
  Model <m>__relations: how the declared pairs of columns belong together each day, against the `serving` baseline: correlation, the joint table of
  thirds, and the mean output given a third of the other column.

  A pair with the score or a predicted number is compared within its version, others over all. A day inside the baseline is compared with the rest
  of it. A change of correlation is a distance of Fisher's z, whose variance from sampling is 1/(n - 3) + 1/(m - 3). What the days of
  the baseline move beyond that is the pair's baseline_variation: the root of their mean squared distance less this variance. Both rules of
  evidence are those of a column (evidence.sql): of the joint table's PSI as it is, of a change of correlation by its square, which is what a PSI is.

  Arguments: monitor (string).
  Columns: relations_columns; correlations are of clipped standardised values (clipped_z), means in the unit of the output.
  Source: STATISTICS, "Restlessness", "Verdict", "Baselines"; Fisher (1921).
-#}
{% macro relations_metrics(monitor) %}
    {{- ml_monitor.monitor_model(monitor, reads=['hourly_relations', 'baseline_windows', 'grid', 'ml_chi_square_quantiles'], key='rebuild_key', access='public') -}}
    {%- if execute -%}{{ ml_monitor.relations_metrics_select(monitor) }}{%- endif -%}
{% endmacro %}


{#- The select of <m>__relations. Arguments: monitor (string). -#}
{% macro relations_metrics_select(monitor) %}
    {%- set spec = ml_monitor.monitor_spec(monitor) -%}
    {%- set declaration_hash = ml_monitor.declaration_hash(spec, 'relations') -%}
    {%- set rollup = ref(monitor ~ '__hourly_relations') -%}
    {%- set baseline_windows = ref(monitor ~ '__baseline_windows') -%}
    {%- set text = ml_monitor.text_type() -%}
    {%- set series = ['model_version', 'column_a', 'column_b'] -%}
    {%- set subject = ['window_start'] + series -%}
    {%- set sums = ml_monitor.relation_sums() -%}
    {%- set counts = ml_monitor.joint_counts() -%}
    {%- set version = "case when p.version_scope = 'version' then r.model_version else '__all__' end" -%}
    {%- set head -%}
{{ ml_monitor.window_ctes(declaration_hash, rollup, 'row_count', ['day'], "column_a = '__rows__'") }}

declared_pairs as (
    {% for pair in spec.relations %}
    select
        cast({{ ml_monitor.string_literal(pair.column_a) }} as {{ text }}) as column_a,
        cast({{ ml_monitor.string_literal(pair.column_b) }} as {{ text }}) as column_b,
        '{{ 'version' if pair.has_output else 'all' }}' as version_scope
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}

),

baseline_days as (

    select model_version, window_start from {{ baseline_windows }} where is_baseline

),

day_sums as (

    select
        {{ ml_monitor.truncate('day', 'r.window_start') }} as window_start,
        {{ version }} as model_version,
        r.column_a,
        r.column_b,
        {%- for name in sums %}
        sum(r.{{ name }}) as {{ name }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ ml_monitor.aliased(rollup, 'r') }}
    inner join declared_pairs as p on r.column_a = p.column_a and r.column_b = p.column_b
    group by {{ ml_monitor.truncate('day', 'r.window_start') }}, {{ version }}, r.column_a, r.column_b

),

baseline_states as (

    select
        baseline_days.model_version,
        cast(count(distinct baseline_days.window_start) as {{ text }}) || ' days from ' || cast(min(baseline_days.window_start) as {{ text }})
        || ' to ' || cast(max(baseline_days.window_start) as {{ text }}) || ', batch ' || cast(max(hours.ml_batch) as {{ text }}) as baseline_state
    from baseline_days
    inner join rollup_hours as hours on {{ ml_monitor.truncate('day', 'hours.hour') }} = baseline_days.window_start
    where baseline_days.model_version in (select model_version from day_sums)
    group by baseline_days.model_version

),

written_windows as (

    select window_start, window_end from touched_windows
    {%- if ml_monitor.is_incremental() %}
    union
    -- All of them when a baseline is another one, new, or no more.
    select window_start, window_end
    from windows
    where
        exists (
            select 1
            from baseline_states
            left join {{ this }} as built on baseline_states.model_version = built.model_version
            where built.baseline_state is null or built.baseline_state <> baseline_states.baseline_state
        )
        or exists (
            select 1
            from {{ this }} as built
            left join baseline_states on built.model_version = baseline_states.model_version
            where built.baseline_state is not null and baseline_states.model_version is null
        )
    {%- endif %}

),
    {%- endset -%}
{%- call ml_monitor.select_if_any('relations_metrics', monitor, head, 'written_windows') %}

baseline_sums as (

    select
        {% for key in series %}d.{{ key }}, {% endfor %}
        {%- for name in sums %}
        sum(d.{{ name }}) as {{ name }}{{ ',' if not loop.last }}
        {%- endfor %}
    from day_sums as d
    inner join baseline_days as b on d.window_start = b.window_start and d.model_version = b.model_version
    group by {% for key in series %}d.{{ key }}{{ ', ' if not loop.last }}{% endfor %}

),

-- The days to write, and those of the baseline: they say how variable a pair is.
subjects as (

    select {{ subject | join(', ') }}
    from day_sums
    where window_start in (select window_start from written_windows) or window_start in (select window_start from baseline_days)
    union
    select written_windows.window_start, '__all__' as model_version, declared_pairs.column_a, declared_pairs.column_b
    from written_windows
    cross join declared_pairs
    where
        declared_pairs.version_scope = 'all'
        -- Without a row of any version there is no version to name.
        or not exists (
            select 1
            from day_sums
            where
                day_sums.window_start = written_windows.window_start
                and day_sums.column_a = declared_pairs.column_a
                and day_sums.column_b = declared_pairs.column_b
        )

),

-- A day inside the baseline is compared with the rest of the baseline.
compared as (

    select
        {% for key in subject %}s.{{ key }}, {% endfor %}
        case when b.window_start is null then 0 else 1 end as is_baseline_day,
        {%- for name in sums %}
        coalesce(d.{{ name }}, 0) as current_{{ name }},
        coalesce(r.{{ name }}, 0) - case when b.window_start is null then 0 else coalesce(d.{{ name }}, 0) end as reference_{{ name }}{{ ',' if not loop.last }}
        {%- endfor %}
    from subjects as s
    left join day_sums as d on {% for key in subject %}s.{{ key }} = d.{{ key }}{{ ' and ' if not loop.last }}{% endfor %}
    left join baseline_sums as r on {% for key in series %}s.{{ key }} = r.{{ key }}{{ ' and ' if not loop.last }}{% endfor %}
    left join baseline_days as b on s.window_start = b.window_start and s.model_version = b.model_version

),

correlated as (

    select
        compared.*,
        {%- for side in ['current', 'reference'] %}
        {{ ml_monitor.correlation_from_sums(side ~ '_row_count', side ~ '_z_sum_a', side ~ '_z_sum_b', side ~ '_z_squared_sum_a', side ~ '_z_squared_sum_b', side ~ '_z_product_sum') | indent(4) }} as {{ side }}_correlation,
        {%- endfor %}
        case when current_row_count > 3 and reference_row_count > 3
            then 1 / {{ ml_monitor.float64('current_row_count - 3') }} + 1 / {{ ml_monitor.float64('reference_row_count - 3') }}
        end as sampling_variance
    from compared

),

measured as (

    select
        correlated.*,
        case when sampling_variance is not null then abs({{ ml_monitor.fisher_z('current_correlation') }} - {{ ml_monitor.fisher_z('reference_correlation') }}) end as correlation_change
    from correlated

),

cell_counts as (
    {% for name in counts %}
    select {{ subject | join(', ') }}, {{ loop.index }} as bin, 1 = 0 as is_pooled, reference_{{ name }} as reference_count, current_{{ name }} as current_count from compared
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}

),

{{ ml_monitor.distances_from_counts('cell_counts', subject, 'joint') }}

baseline_variation as (

    select
        {% for key in series %}m.{{ key }}, {% endfor %}
        {{ ml_monitor.baseline_variation('m.correlation_change * m.correlation_change - m.sampling_variance') }} as correlation_baseline_variation,
        {{ ml_monitor.baseline_variation('v.psi_excess') }} as joint_baseline_variation,
        cast(count(v.psi_excess) as int) as baseline_windows
    from measured as m
    left join joint_values as v on {% for key in subject %}m.{{ key }} = v.{{ key }}{{ ' and ' if not loop.last }}{% endfor %}
    where m.is_baseline_day = 1
    group by {% for key in series %}m.{{ key }}{{ ', ' if not loop.last }}{% endfor %}

),

-- The square of a change is spread as a PSI of two bins is.
correlation_evidence as (

    select
        {% for key in subject %}m.{{ key }}, {% endfor %}
        m.current_row_count as current_rows,
        m.reference_row_count as reference_rows,
        2 as bin_count,
        {{ ml_monitor.normal_quantile_9995() }} * sqrt(m.sampling_variance) as noise,
        coalesce(r.correlation_baseline_variation, 0) as baseline_variation,
        coalesce(r.baseline_windows, 0) as baseline_windows
    from measured as m
    left join baseline_variation as r on {% for key in series %}m.{{ key }} = r.{{ key }}{{ ' and ' if not loop.last }}{% endfor %}

),

joint_evidence as (

    select
        {% for key in subject %}m.{{ key }}, {% endfor %}
        m.current_row_count as current_rows,
        m.reference_row_count as reference_rows,
        coalesce(v.bin_count, 0) as bin_count,
        v.psi,
        v.psi_excess,
        v.psi_noise,
        v.psi_p_value,
        coalesce(r.joint_baseline_variation, 0) as baseline_variation,
        coalesce(r.baseline_windows, 0) as baseline_windows
    from measured as m
    left join joint_values as v on {% for key in subject %}m.{{ key }} = v.{{ key }}{{ ' and ' if not loop.last }}{% endfor %}
    left join baseline_variation as r on {% for key in series %}m.{{ key }} = r.{{ key }}{{ ' and ' if not loop.last }}{% endfor %}

),

judged as (

    select
        {% for key in subject %}m.{{ key }}, {% endfor %}
        w.window_end,
        m.is_baseline_day = 1 as is_in_baseline,
        j.current_rows,
        j.reference_rows,
        m.current_correlation,
        m.reference_correlation,
        m.correlation_change,
        c.noise as correlation_noise,
        sqrt(c.baseline_variation) as correlation_baseline_variation,
        c.noise + 4 * sqrt(c.baseline_variation + {{ ml_monitor.greatest_of([0, 'c.baseline_variation - ' ~ ml_monitor.variation_by_chance('c')]) }}) as correlation_min_detectable,
        j.bin_count as joint_bin_count,
        j.psi as joint_psi,
        j.psi_excess as joint_psi_excess,
        j.psi_noise as joint_psi_noise,
        j.psi_p_value as joint_psi_p_value,
        j.baseline_variation as joint_baseline_variation,
        {{ ml_monitor.min_detectable('j') }} as joint_min_detectable,
        {{ ml_monitor.psi_reason('j') }} as joint_reason,
        j.baseline_windows,
        {%- for side in ['current', 'reference'] %}
        {%- for third in ml_monitor.thirds() %}
        {%- set rows = '(' ~ counts | select('in', [third ~ '_low_count', third ~ '_middle_count', third ~ '_high_count']) | map('replace', third ~ '_', 'm.' ~ side ~ '_' ~ third ~ '_', 1) | join(' + ') ~ ')' %}
        case when p.version_scope = 'version' then g.center + g.scale * {{ ml_monitor.ratio('m.' ~ side ~ '_output_' ~ third ~ '_z_sum', rows) }} end as {{ side }}_output_mean_{{ third }},
        {%- endfor %}
        {%- endfor %}
        baseline_states.baseline_state
    from measured as m
    inner join written_windows as w on m.window_start = w.window_start
    inner join declared_pairs as p on m.column_a = p.column_a and m.column_b = p.column_b
    inner join joint_evidence as j on {% for key in subject %}m.{{ key }} = j.{{ key }}{{ ' and ' if not loop.last }}{% endfor %}
    inner join correlation_evidence as c on {% for key in subject %}m.{{ key }} = c.{{ key }}{{ ' and ' if not loop.last }}{% endfor %}
    left join baseline_states on m.model_version = baseline_states.model_version
    left join {{ ml_monitor.numeric_grid(monitor) }} as g on m.column_b = g.column_name

),

final as (

    select
        {{ ml_monitor.surrogate_key(["'" ~ monitor ~ "'", "'day'", 'judged.window_start', 'judged.model_version', 'judged.column_a', 'judged.column_b']) }} as relation_id,
        cast('{{ monitor }}' as {{ text }}) as monitor,
        cast('day' as {{ text }}) as window_grain,
        judged.window_start,
        judged.window_end,
        cast('serving' as {{ text }}) as baseline,
        cast(judged.model_version as {{ text }}) as model_version,
        cast('__all__' as {{ text }}) as segment_name,
        cast('__all__' as {{ text }}) as segment_value,
        cast(judged.column_a as {{ text }}) as column_a,
        cast(judged.column_b as {{ text }}) as column_b,
        judged.is_in_baseline,
        cast(judged.current_rows as bigint) as current_rows,
        cast(judged.reference_rows as bigint) as reference_rows,
        cast(judged.baseline_windows as int) as baseline_windows,
        {%- for name in ['current_correlation', 'reference_correlation', 'correlation_change', 'correlation_noise', 'correlation_baseline_variation'] %}
        {{ ml_monitor.float64('judged.' ~ name) }} as {{ name }},
        {%- endfor %}
        {{ ml_monitor.float64('judged.correlation_min_detectable') }} as correlation_min_detectable,
        coalesce(judged.correlation_change > judged.correlation_min_detectable, false) as is_correlation_changed,
        cast(case
            when judged.current_rows <= 3 then 'insufficient_sample'
            when judged.reference_rows <= 3 then 'no_baseline'
            when judged.correlation_change is null then 'undefined'
            when 4 * judged.correlation_baseline_variation > 1 then 'too_variable'
        end as {{ text }}) as correlation_reason,
        cast(judged.joint_bin_count as int) as joint_bin_count,
        {%- for name in ['joint_psi', 'joint_psi_excess', 'joint_psi_noise', 'joint_psi_p_value', 'joint_baseline_variation'] %}
        {{ ml_monitor.float64('judged.' ~ name) }} as {{ name }},
        {%- endfor %}
        {{ ml_monitor.float64('judged.joint_min_detectable') }} as joint_min_detectable,
        coalesce(judged.joint_psi_excess > judged.joint_min_detectable, false) as is_joint_drift_detected,
        cast(judged.joint_reason as {{ text }}) as joint_reason,
        {%- for side in ['current', 'reference'] %}
        {%- for third in ml_monitor.thirds() %}
        {{ ml_monitor.float64('judged.' ~ side ~ '_output_mean_' ~ third) }} as {{ side }}_output_mean_{{ third }},
        {%- endfor %}
        {%- endfor %}
        cast(judged.baseline_state as {{ text }}) as baseline_state,
        {{ ml_monitor.window_key("'day'", 'judged.window_start') }} as rebuild_key,
        cast('{{ declaration_hash }}' as {{ text }}) as declaration_hash,
        cast((select ml_batch from newest) as bigint) as ml_batch
    from judged

)

select * from final
{%- endcall %}
{% endmacro %}


{#- The columns of <m>__relations. -#}
{% macro relations_columns() %}
    {%- do return(ml_monitor.listed_columns([
        ['relation_id', 'string', 'md5 of monitor, window_grain, window_start, model_version, column_a and column_b.'],
        'monitor',
        ['window_grain', 'Always day.'],
        'window_start', 'window_end',
        ['baseline', 'Always serving.'],
        ['model_version', 'Model version of pairs with an output; `__all__` for other pairs, which are judged over all versions, and '
            'where an output has no rows.'],
        ['segment_name, segment_value', 'Always `__all__`.'],
        ['column_a', 'string', 'First column of the pair.'],
        ['column_b', 'string', 'Second column; the output, if one of the two is.'],
        ['is_in_baseline', 'boolean', 'Whether the day is one of the baseline; then it is compared with the others.'],
        ['current_rows', 'Rows of the day with both values finite.'],
        ['reference_rows', 'bigint', 'Rows of the baseline with both values finite.'],
        ['baseline_windows', 'Days of the baseline that say how variable the pair is.'],
        ['current_correlation', 'double', "Pearson's correlation of the clipped values (-1 to 1); NULL if a column is constant."],
        ['reference_correlation', 'double', 'The same in the baseline (-1 to 1).'],
        ['correlation_change', 'double', "|difference| of Fisher's z (inverse hyperbolic tangent) of the two; NULL if one is undefined."],
        ['correlation_noise', 'double', 'Change that sampling alone exceeds in one of a thousand days: 3.29 sqrt(1/(n - 3) + 1/(m - 3)).'],
        ['correlation_baseline_variation', 'double', "Root of the mean squared change of the baseline's days less their sampling variance; "
            'never below 0.'],
        ['correlation_min_detectable', 'double', 'Smallest change that could have been found: noise, and four times the baseline_variation, of '
            'which what chance does not explain counts twice (docs/metrics.md).'],
        ['is_correlation_changed', 'boolean', 'Whether the change is beyond that.'],
        ['correlation_reason', 'string', 'Why the change cannot be judged: insufficient_sample, no_baseline, undefined (a constant '
            'column) or too_variable; else NULL.'],
        ['joint_bin_count', 'int', 'Cells of the joint table after pooling.'],
        ['joint_psi', 'double', 'Population stability index of the nine cells against the baseline.'],
        ['joint_psi_excess', 'double', 'joint_psi less its expectation under no drift.'],
        ['joint_psi_noise', 'double', '0.9995 quantile of joint_psi_excess under no drift.'],
        ['joint_psi_p_value', 'double', 'Chance of a joint_psi at least so large under no drift, before any baseline_variation (0 to 1).'],
        ['joint_baseline_variation', 'double', "Mean joint_psi_excess of the baseline's days, never below 0."],
        ['joint_min_detectable', 'double', 'Smallest joint_psi_excess that could have been found, as min_detectable of a column.'],
        ['is_joint_drift_detected', 'boolean', 'Whether joint_psi_excess is beyond that.'],
        ['joint_reason', 'string', 'Why joint_psi cannot be judged: insufficient_sample, no_baseline, too_few_bins or too_variable; else '
            'NULL.'],
        ['current_output_mean_low', 'double', 'Mean of column_b of the day where column_a is low, in the unit of column_b; NULL if '
            'column_b is no output, and without rows.'],
        ['current_output_mean_middle', 'double', 'Mean of column_b of the day where column_a is middle, in the unit of column_b; NULL if '
            'column_b is no output, and without rows.'],
        ['current_output_mean_high', 'double', 'Mean of column_b of the day where column_a is high, in the unit of column_b; NULL if '
            'column_b is no output, and without rows.'],
        ['reference_output_mean_low', 'double', 'Mean of column_b of the baseline where column_a is low, in the unit of column_b; NULL if '
            'column_b is no output, and without rows.'],
        ['reference_output_mean_middle', 'double', 'Mean of column_b of the baseline where column_a is middle, in the unit of column_b; '
            'NULL if column_b is no output, and without rows.'],
        ['reference_output_mean_high', 'double', 'Mean of column_b of the baseline where column_a is high, in the unit of column_b; NULL '
            'if column_b is no output, and without rows.'],
        ['baseline_state', 'What the baseline held; when it changes, all days are rewritten.'],
        'rebuild_key', 'declaration_hash', 'ml_batch',
    ])) -%}
{% endmacro %}

{#-
  Model <m>__relations: how the declared pairs of columns relate to each other each day, compared with the `serving` baseline: correlation,
  the joint table of thirds, and the mean output for each third of the other column.

  A pair with the score or a predicted number is compared within its version, other pairs over all versions. A day of the baseline is
  compared with the rest of the baseline. A change of correlation is a difference of Fisher's z, whose sampling variance is
  1/(n - 3) + 1/(m - 3). The baseline variation of a pair is how much its baseline days differ beyond sampling: the root of their mean
  squared change minus this variance. Both rules of evidence are those of a column (min_detectable): for the PSI of the joint table as it
  is, for a change of correlation by its square, which is distributed like a PSI of two bins.

  Arguments: monitor (string).
  Columns: relations_columns; correlations are of clipped standardised values (clipped_z), means are in the unit of the output.
  Source: STATISTICS, "Restlessness", "Verdict", "Baselines"; Fisher (1921).
-#}
{% macro relations_metrics(monitor) %}
    {{- ml_monitor.monitor_model(
        monitor, reads=['hourly_relations', 'baseline_windows', 'grid', 'ml_chi_square_quantiles'], key='rebuild_key', access='public'
    ) -}}
    {%- if execute -%}{{ ml_monitor.relations_metrics_select(monitor) }}{%- endif -%}
{% endmacro %}


{#- The select of <m>__relations. Arguments: monitor (string). -#}
{% macro relations_metrics_select(monitor) %}
    {%- set spec = ml_monitor.monitor_spec(monitor) -%}
    {%- set declaration_hash = ml_monitor.declaration_hash(spec, 'relations') -%}
    {%- set rollup = ref(monitor ~ '__hourly_relations') -%}
    {%- set head -%}
{{ ml_monitor.window_ctes(declaration_hash, rollup, 'row_count', ['day'], "column_a = '__rows__'") }}

{{ ml_monitor.relation_day_sums(spec, rollup) }}

{{ ml_monitor.baseline_days(ref(monitor ~ '__baseline_windows')) }}

{{ ml_monitor.baseline_states(where='baseline_days.model_version in (select model_version from day_sums)') }}

{{ ml_monitor.windows_against_baseline() }}
    {%- endset -%}
{%- call ml_monitor.select_if_any('relations_metrics', monitor, head, 'written_windows', hashes={declaration_hash: none}) %}

{{ ml_monitor.relations_compared() }}

{{ ml_monitor.relations_judged(monitor) }}

{{ ml_monitor.final_select(
    monitor, 'relations', 'judged', ['window_grain', 'window_start', 'model_version', 'column_a', 'column_b'], declaration_hash
) }}
{%- endcall %}
{% endmacro %}


{#-
  The sums of each pair by day, as the CTEs `declared_pairs` (column_a, column_b, version_scope) and `day_sums`.
  Arguments: spec, rollup (relation <m>__hourly_relations).
-#}
{% macro relation_day_sums(spec, rollup) -%}
{%- set text = ml_monitor.text_type() -%}
{%- set version = "case when p.version_scope = 'version' then r.model_version else '__all__' end" -%}
{%- set day = ml_monitor.truncate('day', 'r.window_start') -%}
{%- set pairs = [] -%}
{%- for pair in spec.relations -%}
    {%- do pairs.append([
        ml_monitor.string_literal(pair.column_a), ml_monitor.string_literal(pair.column_b), "'version'" if pair.has_output else "'all'",
    ]) -%}
{%- endfor -%}
declared_pairs as (

    select
        cast(column_a as {{ text }}) as column_a,
        cast(column_b as {{ text }}) as column_b,
        cast(version_scope as {{ text }}) as version_scope
    from (
        {{ ml_monitor.values_list(['column_a', 'column_b', 'version_scope'], pairs) | indent(8) }}
    ) as pairs

),

day_sums as (

    select
        {{ day }} as window_start, {{ version }} as model_version, r.column_a, r.column_b,
        {%- for name in ml_monitor.relation_sums() %}
        sum(r.{{ name }}) as {{ name }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ ml_monitor.aliased(rollup, 'r') }}
    inner join declared_pairs as p on r.column_a = p.column_a and r.column_b = p.column_b
    group by {{ day }}, {{ version }}, r.column_a, r.column_b

),
{%- endmacro %}


{#-
  Each day and pair beside its baseline, as CTEs ending in `compared`: current_* and reference_* of the sums, is_in_baseline (0 or 1),
  and `joint_values` of the joint table (distances_from_counts).
-#}
{% macro relations_compared() -%}
{%- set series = 'model_version, column_a, column_b' -%}
{%- set sums = ml_monitor.relation_sums() -%}
{%- set cells = [] -%}
{%- for name in ml_monitor.joint_counts() -%}{%- do cells.append([loop.index]) -%}{%- endfor -%}
baseline_sums as (

    select
        {{ series }},
        {%- for name in sums %}
        sum({{ name }}) as {{ name }}{{ ',' if not loop.last }}
        {%- endfor %}
    from day_sums
    inner join baseline_days using (window_start, model_version)
    group by {{ series }}

),

-- The days to write, and those of the baseline, which show how variable a pair is.
subjects as (

    select window_start, {{ series }}
    from day_sums
    where window_start in (select window_start from written_windows union select window_start from baseline_days)
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

compared as (

    select
        s.window_start, s.model_version, s.column_a, s.column_b,
        case when b.window_start is null then 0 else 1 end as is_baseline_day,
        {%- for name in sums %}
        coalesce(d.{{ name }}, 0) as current_{{ name }},
        {{ ml_monitor.rest_of_baseline('r.' ~ name, 'd.' ~ name) | trim }} as reference_{{ name }}{{ ',' if not loop.last }}
        {%- endfor %}
    from subjects as s
    left join day_sums as d
        on s.window_start = d.window_start and s.model_version = d.model_version and s.column_a = d.column_a and s.column_b = d.column_b
    left join baseline_sums as r on s.model_version = r.model_version and s.column_a = r.column_a and s.column_b = r.column_b
    left join baseline_days as b on s.window_start = b.window_start and s.model_version = b.model_version

),

cell_counts as (

    select
        window_start, {{ series }}, bin, 1 = 0 as is_pooled,
        {%- for count, side in {
            'reference_count': 'reference_', 'current_count': 'current_', 'own_count': 'is_baseline_day * current_',
        }.items() %}
        case bin
            {%- for name in ml_monitor.joint_counts() %}
            when {{ loop.index }} then {{ side }}{{ name }}
            {%- endfor %}
        end as {{ count }}{{ ',' if not loop.last }}
        {%- endfor %}
    from compared
    cross join (
        {{ ml_monitor.values_list(['bin'], cells) | indent(8) }}
    ) as cells

),

{{ ml_monitor.distances_from_counts('cell_counts', ['window_start', 'model_version', 'column_a', 'column_b'], 'joint', 'own_count') }}
{%- endmacro %}


{#- The verdict about each day and pair, as CTEs ending in `judged`, with the names of the columns. Arguments: monitor (string). -#}
{% macro relations_judged(monitor) -%}
{%- set series = 'model_version, column_a, column_b' -%}
{%- set by_series = ' over (partition by ' ~ series ~ ')' -%}
{%- set squared_change = 'case when is_baseline_day = 1 then correlation_change * correlation_change - sampling_variance end' -%}
correlated as (

    select
        compared.*,
        {%- for side in ['current', 'reference'] %}
        {{ ml_monitor.correlation_from_sums(
            side ~ '_row_count', side ~ '_z_sum_a', side ~ '_z_sum_b', side ~ '_z_squared_sum_a', side ~ '_z_squared_sum_b',
            side ~ '_z_product_sum'
        ) | indent(4) }} as {{ side }}_correlation,
        {%- endfor %}
        case
            when current_row_count > 3 and reference_row_count > 3
                then 1 / {{ ml_monitor.float64('current_row_count - 3') }} + 1 / {{ ml_monitor.float64('reference_row_count - 3') }}
        end as sampling_variance
    from compared

),

measured as (

    select
        correlated.*,
        case
            when sampling_variance is not null
                then abs({{ ml_monitor.fisher_z('current_correlation') }} - {{ ml_monitor.fisher_z('reference_correlation') }})
        end as correlation_change,
        current_row_count as current_rows,
        reference_row_count as reference_rows,
        coalesce(joint.bin_count, 0) as bin_count,
        joint.psi, joint.psi_excess, joint.psi_noise, joint.psi_p_value
    from correlated
    left join joint_values as joint using (window_start, {{ series }})

),

-- The days of the baseline show how variable a pair is.
varied as (

    select
        measured.*,
        {{ ml_monitor.normal_quantile_9995() }} * sqrt(sampling_variance) as correlation_noise,
        {{ ml_monitor.baseline_variation(squared_change, by_series) }} as correlation_variance,
        {{ ml_monitor.baseline_variation('case when is_baseline_day = 1 then psi_excess end', by_series) }} as baseline_variation,
        count(case when is_baseline_day = 1 then psi_excess end){{ by_series }} as baseline_windows
    from measured

),

evidence as (

    select
        varied.*,
        sqrt(correlation_variance) as correlation_baseline_variation,
        {#- The square of a change is distributed like a PSI of two bins. #}
        {{ ml_monitor.greatest_of([0, 'correlation_variance - ' ~ ml_monitor.variation_by_chance('varied', 2)]) }} as unexplained_variance
    from varied

),

judged as (

    select
        'day' as window_grain,
        v.window_start,
        w.window_end,
        'serving' as baseline,
        v.model_version,
        '__all__' as segment_name,
        '__all__' as segment_value,
        v.column_a, v.column_b,
        v.is_baseline_day = 1 as is_in_baseline,
        v.current_rows, v.reference_rows, v.baseline_windows,
        v.current_correlation, v.reference_correlation, v.correlation_change, v.correlation_noise, v.correlation_baseline_variation,
        v.correlation_noise + 4 * sqrt(v.correlation_variance + v.unexplained_variance) as correlation_min_detectable,
        coalesce(v.correlation_change > v.correlation_noise + 4 * sqrt(v.correlation_variance + v.unexplained_variance), false)
            as is_correlation_changed,
        case
            when v.current_rows <= 3 then 'insufficient_sample'
            when v.reference_rows <= 3 then 'no_baseline'
            when v.correlation_change is null then 'undefined'
            when 4 * v.correlation_baseline_variation > 1 then 'too_variable'
        end as correlation_reason,
        v.bin_count as joint_bin_count,
        v.psi as joint_psi,
        v.psi_excess as joint_psi_excess,
        v.psi_noise as joint_psi_noise,
        v.psi_p_value as joint_psi_p_value,
        v.baseline_variation as joint_baseline_variation,
        {{ ml_monitor.min_detectable('v') }} as joint_min_detectable,
        coalesce(v.psi_excess > {{ ml_monitor.min_detectable('v') }}, false) as is_joint_drift_detected,
        {{ ml_monitor.psi_reason('v') }} as joint_reason,
        {%- for side in ['current', 'reference'] %}
        {%- for third in ml_monitor.thirds() %}
        {%- set cell = 'v.' ~ side ~ '_' ~ third %}
        {%- set rows = '(' ~ cell ~ '_low_count + ' ~ cell ~ '_middle_count + ' ~ cell ~ '_high_count)' %}
        case
            when p.version_scope = 'version'
                then g.center + g.scale * {{ ml_monitor.ratio('v.' ~ side ~ '_output_' ~ third ~ '_z_sum', rows) }}
        end as {{ side }}_output_mean_{{ third }},
        {%- endfor %}
        {%- endfor %}
        baseline_states.baseline_state
    from evidence as v
    inner join written_windows as w on v.window_start = w.window_start
    inner join declared_pairs as p on v.column_a = p.column_a and v.column_b = p.column_b
    left join baseline_states on v.model_version = baseline_states.model_version
    left join {{ ml_monitor.numeric_grid(monitor) }} as g on v.column_b = g.column_name

),
{%- endmacro %}

{#-
  Model <m>__attributions: how much each feature matters to the model, by its mean absolute attribution, per day and version, and
  whether the features keep their order against the serving baseline of the version.

  The means come from the profile, which counts magnitudes. NDCG says how much of the baseline's attribution the ranking of the day keeps
  at its top (macro ndcg). A day of the baseline is compared with the rest of it; what it loses there is the noise.

  Arguments: monitor (string).
  Columns: attributions_columns; means are in the unit of the attributions.
-#}
{% macro attributions(monitor) %}
    {{- ml_monitor.monitor_model(monitor, reads=['hourly_profile', 'baseline_windows', 'grid'], key='rebuild_key', access='public') -}}
    {%- if execute -%}{{ ml_monitor.attributions_select(monitor) }}{%- endif -%}
{% endmacro %}


{#- The select of <m>__attributions. Arguments: monitor (string). -#}
{% macro attributions_select(monitor) %}
    {%- set spec = ml_monitor.monitor_spec(monitor) -%}
    {%- set declaration_hash = ml_monitor.declaration_hash(spec, 'attributions') -%}
    {%- set profile = ref(monitor ~ '__hourly_profile') -%}
    {%- set baseline_windows = ref(monitor ~ '__baseline_windows') -%}
    {%- set columns = spec.inferences | selectattr('role', 'equalto', 'attribution') | list -%}
    {%- set text = ml_monitor.text_type() -%}
    {%- set sums = ['row_count', 'value_count', 'z_sum'] -%}
    {%- set of_ranking = 'over (partition by placed.window_start, placed.model_version)' -%}
    {%- set head -%}
{{ ml_monitor.window_ctes(declaration_hash, profile, 'row_count', ['day'], "column_name = '__rows__'") }}

declared_attributions as (

    select cast(column_name as {{ text }}) as column_name, cast(feature_name as {{ text }}) as feature_name
    from (
        values
        {%- for column in columns %}
        ({{ ml_monitor.string_literal(column.name) }}, {{ ml_monitor.string_literal(column.of) }}){{ ',' if not loop.last }}
        {%- else %}
        ('', '')
        {%- endfor %}
    ) as declared (column_name, feature_name)
    where column_name <> ''

),

{{ ml_monitor.baseline_days(baseline_windows) }}

{{ ml_monitor.baseline_states() }}

{{ ml_monitor.windows_against_baseline() }}

counted_days as (

    select window_start from written_windows
    union
    select window_start from baseline_days

),
    {%- endset -%}
{%- call ml_monitor.select_if_any('attributions', monitor, head, 'written_windows', hashes={declaration_hash: none}) %}

version_sums as (

    select
        {{ ml_monitor.truncate('day', 'p.window_start') }} as window_start,
        p.model_version,
        p.column_name,
        sum(p.row_count) as row_count,
        sum(case when p.slot >= 0 then p.row_count else 0 end) as value_count,
        sum(case when p.slot >= 0 then p.z_sum else 0 end) as z_sum
    from {{ ml_monitor.aliased(profile, 'p') }}
    inner join declared_attributions as c on p.column_name = c.column_name
    where p.segment_name = '__all__' and {{ ml_monitor.truncate('day', 'p.window_start') }} in (select window_start from counted_days)
    group by {{ ml_monitor.truncate('day', 'p.window_start') }}, p.model_version, p.column_name

),

day_sums as (

    select window_start, model_version, column_name, {{ sums | join(', ') }} from version_sums
    union all
    select
        window_start,
        '__all__' as model_version,
        column_name,
        {%- for name in sums %}
        sum({{ name }}) as {{ name }}{{ ',' if not loop.last }}
        {%- endfor %}
    from version_sums
    group by window_start, column_name

),

reference_sums as (

    select d.model_version, d.column_name, sum(d.value_count) as value_count, sum(d.z_sum) as z_sum
    from day_sums as d
    inner join baseline_days as b on d.window_start = b.window_start and d.model_version = b.model_version
    group by d.model_version, d.column_name

),

-- All versions together always, so that a day that was emptied is replaced too.
subjects as (

    select window_start, model_version from day_sums
    union
    select window_start, '__all__' as model_version from written_windows

),

-- A day of the baseline is compared with the rest of it.
paired_sums as (

    select
        s.window_start,
        s.model_version,
        c.column_name,
        c.feature_name,
        case when b.window_start is null then false else true end as is_in_baseline,
        coalesce(d.row_count, 0) as row_count,
        coalesce(d.value_count, 0) as value_count,
        {{ ml_monitor.rest_of_baseline('r.value_count', 'd.value_count') }} as reference_count,
        d.z_sum,
        {{ ml_monitor.rest_of_baseline('r.z_sum', 'd.z_sum') }} as reference_z_sum
    from subjects as s
    cross join declared_attributions as c
    left join day_sums as d on s.window_start = d.window_start and s.model_version = d.model_version and c.column_name = d.column_name
    left join reference_sums as r on s.model_version = r.model_version and c.column_name = r.column_name
    left join baseline_days as b on s.window_start = b.window_start and s.model_version = b.model_version

),

means as (

    select
        p.window_start,
        p.model_version,
        p.column_name,
        p.feature_name,
        p.is_in_baseline,
        p.row_count,
        p.value_count,
        p.reference_count,
        case
            when p.value_count > 0 then {{ ml_monitor.greatest_of([0, 'grid.center + grid.scale * p.z_sum / p.value_count']) }}
        end as mean_attribution,
        case
            when p.reference_count > 0
                then {{ ml_monitor.greatest_of([0, 'grid.center + grid.scale * p.reference_z_sum / p.reference_count']) }}
        end as reference_mean_attribution
    from paired_sums as p
    left join {{ ml_monitor.numeric_grid(monitor) }} as grid on p.column_name = grid.column_name

),

{{ ml_monitor.ndcg(
    'means', ['window_start', 'model_version'], 'column_name', 'reference_mean_attribution', 'mean_attribution', 'rankings'
) }}

noises as (

    select
        rankings.model_version,
        {{ ml_monitor.noise_of_days('1 - rankings.ndcg') }} as noise,
        cast(count(rankings.ndcg) as int) as baseline_windows
    from rankings
    inner join baseline_days as b on rankings.window_start = b.window_start and rankings.model_version = b.model_version
    group by rankings.model_version

),

{{ ml_monitor.moved_ranks() }}

measured as (

    select
        w.window_grain,
        placed.*,
        w.window_end,
        placed.place as attribution_rank,
        placed.ideal_place as reference_rank,
        placed.place - placed.ideal_place as rank_shift,
        coalesce(rankings.item_count, 0) as ranked_columns,
        rankings.ndcg as attribution_ndcg,
        noises.noise as ndcg_noise,
        coalesce(noises.baseline_windows, 0) as baseline_windows,
        case
            when max(placed.value_count) {{ of_ranking }} = 0 then 'insufficient_sample'
            when max(placed.reference_count) {{ of_ranking }} = 0 then 'no_baseline'
            when coalesce(rankings.item_count, 0) < 2 then 'too_few_columns'
            when rankings.ndcg is null then 'undefined'
        end as ndcg_reason,
        baseline_states.baseline_state
    from placed
    inner join written_windows as w on placed.window_start = w.window_start
    left join rankings on placed.window_start = rankings.window_start and placed.model_version = rankings.model_version
    left join noises on placed.model_version = noises.model_version
    left join baseline_states on placed.model_version = baseline_states.model_version

),

{{ ml_monitor.final_select(
    monitor, 'attributions', 'measured', ['window_grain', 'window_start', 'model_version', 'column_name'], declaration_hash,
    values={'segment_name': "'__all__'", 'segment_value': "'__all__'"}
) }}
{%- endcall %}
{% endmacro %}


{#- The ranks of each day, and the feature that moved most, as CTEs ending in `placed`; after means and rankings_places (ndcg). -#}
{% macro moved_ranks() -%}
{%- set text = ml_monitor.text_type() -%}
{%- set of_moved = 'over (partition by moved.window_start, moved.model_version)' -%}
moved as (

    select
        means.*,
        places.place,
        places.ideal_place,
        row_number() over (
            partition by means.window_start, means.model_version
            order by abs(coalesce(places.place - places.ideal_place, 0)) desc, places.ideal_place
        ) as shift_number
    from means
    left join rankings_places as places
        on
            means.window_start = places.window_start
            and means.model_version = places.model_version
            and means.column_name = places.column_name

),

placed as (

    select
        moved.*,
        coalesce(min(case when moved.place is not null then moved.value_count end) {{ of_moved }}, 0) as ranked_rows,
        max(case
            when moved.shift_number = 1 and moved.place <> moved.ideal_place
                then moved.feature_name || ' from rank ' || cast(moved.ideal_place as {{ text }})
                    || ' to ' || cast(moved.place as {{ text }})
        end) {{ of_moved }} as most_moved
    from moved

),
{%- endmacro %}


{#- The columns of <m>__attributions. -#}
{% macro attributions_columns() %}
    {%- do return(ml_monitor.listed_columns([
        ['attributions_id', 'string', 'md5 of monitor, window_grain, window_start, model_version and column_name.'],
        'monitor',
        ['window_grain', 'Always day.'],
        'window_start', 'window_end',
        ['model_version', 'Model version; `__all__` for all together, which is not judged, `__none__` if the monitor logs none, '
            '`__null__` where it is NULL.'],
        ['segment_name, segment_value', 'Always `__all__`.'],
        ['column_name', 'Attribution.'],
        ['feature_name', 'string', 'Feature that it explains.'],
        ['is_in_baseline', 'boolean', 'True if the day is of the baseline of the version; it is then compared with the rest of it.'],
        ['row_count', 'Rows of the day and version, NULLs included.'],
        ['value_count', 'bigint', 'Of these the ones with a finite attribution.'],
        ['reference_count', 'bigint', 'Finite attributions of the baseline that it is compared with.'],
        ['mean_attribution', 'double', 'Mean of the magnitudes, in the unit of the attribution; NULL without values.'],
        ['reference_mean_attribution', 'double', 'The same of the baseline; NULL without one.'],
        ['attribution_rank', 'int', 'Place by mean_attribution among those with values on both sides, 1 the largest; ties by name. NULL '
            'for others.'],
        ['reference_rank', 'int', 'The same by reference_mean_attribution.'],
        ['rank_shift', 'int', 'attribution_rank - reference_rank: above 0 the feature matters less than it did.'],
        ['ranked_columns', 'int', 'Attributions that have a rank on the day.'],
        ['ranked_rows', 'bigint', 'Least value_count among them.'],
        ['attribution_ndcg', 'double', 'NDCG of the ranking of the day, relevance being reference_mean_attribution (0 to 1); the same for '
            'all attributions of the day and version. NULL if all relevances are 0.'],
        ['ndcg_noise', 'double', 'Distance from 1 that is still noise: mean and five standard deviations of those of the days of the '
            'baseline; NULL without one.'],
        'baseline_windows',
        ['most_moved', 'string', 'Feature with the largest rank_shift of the day and version, in words; NULL if all keep their rank.'],
        ['ndcg_reason', 'string', 'Why it cannot be judged: insufficient_sample, no_baseline, too_few_columns or undefined; else NULL.'],
        'baseline_state', 'rebuild_key', 'declaration_hash', 'ml_batch',
    ])) -%}
{% endmacro %}

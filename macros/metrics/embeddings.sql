{#-
  Model <m>__embeddings: where the mean vector of each embedding points, per day, against the serving baseline.

  The distance is 1 less the cosine of both mean vectors: a model that is exchanged, a rotation or another order of the elements turns the
  mean vector, though each norm stays as it was. A day of the baseline is compared with the rest of it; these distances are the noise. All
  versions are judged together, as features are.

  Arguments: monitor (string).
  Columns: embeddings_columns; norms are in the unit of the elements, distances between 0 and 2.
-#}
{% macro embeddings(monitor) %}
    {{- ml_monitor.monitor_model(monitor, reads=['hourly_embeddings', 'baseline_windows'], key='rebuild_key', access='public') -}}
    {%- if execute -%}{{ ml_monitor.embeddings_select(monitor) }}{%- endif -%}
{% endmacro %}


{#- The select of <m>__embeddings. Arguments: monitor (string). -#}
{% macro embeddings_select(monitor) %}
    {%- set spec = ml_monitor.monitor_spec(monitor) -%}
    {%- set declaration_hash = ml_monitor.declaration_hash(spec, 'embeddings') -%}
    {%- set rollup = ref(monitor ~ '__hourly_embeddings') -%}
    {%- set baseline_windows = ref(monitor ~ '__baseline_windows') -%}
    {%- set columns = spec.inferences | selectattr('role', 'equalto', 'embedding') | list -%}
    {%- set text = ml_monitor.text_type() -%}
    {%- set counts = {'null_count': -1, 'wrong_dimension_count': -2, 'null_element_count': -3, 'nonfinite_count': -4} -%}
    {%- set head -%}
{{ ml_monitor.window_ctes(declaration_hash, rollup, 'row_count', ['day'], "column_name = '__rows__'") }}

declared_embeddings as (

    select cast(column_name as {{ text }}) as column_name, dimensions
    from (
        values
        {%- for column in columns %}
        ({{ ml_monitor.string_literal(column.name) }}, {{ column.dimensions }}){{ ',' if not loop.last }}
        {%- else %}
        ('', 0)
        {%- endfor %}
    ) as declared (column_name, dimensions)
    where dimensions > 0

),

{{ ml_monitor.baseline_days(baseline_windows, "model_version = '__all__'") }}

{{ ml_monitor.baseline_states() }}

{{ ml_monitor.windows_against_baseline() }}

counted_days as (

    select window_start from written_windows
    union
    select window_start from baseline_days

),
    {%- endset -%}
{%- call ml_monitor.select_if_any('embeddings', monitor, head, 'written_windows', hashes={declaration_hash: none}) %}

day_sums as (

    select
        {{ ml_monitor.truncate('day', 'window_start') }} as window_start,
        column_name,
        dimension,
        sum(row_count) as row_count,
        sum(value_sum) as value_sum
    from {{ rollup }}
    where column_name <> '__rows__' and {{ ml_monitor.truncate('day', 'window_start') }} in (select window_start from counted_days)
    group by {{ ml_monitor.truncate('day', 'window_start') }}, column_name, dimension

),

reference_sums as (

    select
        day_sums.column_name,
        day_sums.dimension,
        sum(day_sums.row_count) as row_count,
        sum(day_sums.value_sum) as value_sum
    from day_sums
    inner join baseline_days on day_sums.window_start = baseline_days.window_start
    group by day_sums.column_name, day_sums.dimension

),

-- A day of the baseline is compared with the rest of it.
paired_sums as (

    select
        d.window_start,
        d.column_name,
        d.row_count,
        d.value_sum,
        {{ ml_monitor.rest_of_baseline('r.row_count', 'd.row_count') }} as reference_count,
        {{ ml_monitor.rest_of_baseline('r.value_sum', 'd.value_sum') }} as reference_sum
    from day_sums as d
    left join reference_sums as r on d.column_name = r.column_name and d.dimension = r.dimension
    left join baseline_days as b on d.window_start = b.window_start
    where d.dimension > 0

),

{{ ml_monitor.embedding_distances() }}

row_counts as (

    select
        window_start,
        column_name,
        sum(case when dimension = 0 then row_count else 0 end) as row_count,
        {%- for name, dimension in counts.items() %}
        sum(case when dimension = {{ dimension }} then row_count else 0 end) as {{ name }},
        {%- endfor %}
        sum(case when dimension < -1 then row_count else 0 end) as unusable_count
    from day_sums
    group by window_start, column_name

),

compared as (

    select
        w.window_grain,
        w.window_start,
        w.window_end,
        c.column_name,
        c.dimensions,
        case when b.window_start is null then false else true end as is_in_baseline,
        {%- for name in ['row_count', 'unusable_count'] + counts | list %}
        coalesce(n.{{ name }}, 0) as {{ name }},
        {%- endfor %}
        coalesce(d.vector_count, 0) as vector_count,
        coalesce(d.reference_count, r.row_count, 0) as reference_count,
        d.mean_vector_norm,
        d.reference_vector_norm,
        d.cosine_distance,
        {#- A day of fewer vectors than those of the baseline is as much noisier. #}
        noises.noise * {{ ml_monitor.greatest_of([1, ml_monitor.float64('noises.mean_count') ~ ' / d.vector_count']) }} as cosine_noise,
        coalesce(noises.baseline_windows, 0) as baseline_windows
    from written_windows as w
    cross join declared_embeddings as c
    left join baseline_days as b on w.window_start = b.window_start
    left join row_counts as n on w.window_start = n.window_start and c.column_name = n.column_name
    left join distances as d on w.window_start = d.window_start and c.column_name = d.column_name
    left join reference_sums as r on c.column_name = r.column_name and r.dimension = 1
    left join noises on c.column_name = noises.column_name

),

measured as (

    select
        compared.*,
        {{ ml_monitor.bounded_ratio('unusable_rate', 'compared.unusable_count', 'compared.row_count') }},
        1 - compared.cosine_distance as cosine,
        case
            when compared.vector_count = 0 then 'insufficient_sample'
            when compared.reference_count = 0 then 'no_baseline'
            when compared.cosine_distance is null then 'undefined'
        end as cosine_reason,
        (select baseline_state from baseline_states) as baseline_state
    from compared

),

{{ ml_monitor.final_select(
    monitor, 'embeddings', 'measured', ['window_grain', 'window_start', 'column_name'], declaration_hash,
    values={'model_version': "'__all__'", 'segment_name': "'__all__'", 'segment_value': "'__all__'"}
) }}
{%- endcall %}
{% endmacro %}


{#-
  The distance of each day's mean vector to that of the baseline, as CTEs ending in `distances` and `noises`; after paired_sums and
  baseline_days.
-#}
{% macro embedding_distances() -%}
-- What is next to 0 is 0: its square would be too small for a float.
mean_vectors as (

    select
        window_start,
        column_name,
        row_count,
        reference_count,
        case when abs(value_sum / row_count) < 1e-100 then 0 else value_sum / row_count end as mean,
        case
            when reference_count <= 0 then null
            when abs(reference_sum / reference_count) < 1e-100 then 0
            else reference_sum / reference_count
        end as reference_mean
    from paired_sums

),

norms as (

    select
        window_start,
        column_name,
        max(row_count) as vector_count,
        max(reference_count) as reference_count,
        sqrt(sum(mean * mean)) as mean_vector_norm,
        sqrt(sum(reference_mean * reference_mean)) as reference_vector_norm,
        sum(mean * reference_mean) as product_sum
    from mean_vectors
    group by window_start, column_name

),

distances as (

    select
        *,
        1 - {{ ml_monitor.cosine('product_sum', 'mean_vector_norm', 'reference_vector_norm') }} as cosine_distance
    from norms

),

noises as (

    select
        d.column_name,
        {{ ml_monitor.noise_of_days('d.cosine_distance') }} as noise,
        avg(d.vector_count) as mean_count,
        cast(count(d.cosine_distance) as int) as baseline_windows
    from distances as d
    inner join baseline_days as b on d.window_start = b.window_start
    group by d.column_name

),
{%- endmacro %}


{#- The columns of <m>__embeddings. -#}
{% macro embeddings_columns() %}
    {%- do return(ml_monitor.listed_columns([
        ['embeddings_id', 'string', 'md5 of monitor, window_grain, window_start and column_name.'],
        'monitor',
        ['window_grain', 'Always day.'],
        'window_start', 'window_end',
        ['model_version, segment_name, segment_value', 'Always `__all__`.'],
        ['column_name', 'Embedding.'],
        ['dimensions', 'int', 'Declared number of elements of a vector.'],
        ['is_in_baseline', 'boolean', 'True if the day is of the baseline; it is then compared with the rest of it.'],
        ['row_count', 'Current predictions of the day.'],
        ['vector_count', 'bigint', 'Of these the ones whose vector can be used.'],
        ['null_count', 'bigint', 'Rows whose vector is NULL.'],
        ['wrong_dimension_count', 'bigint', 'Rows whose vector has another number of elements than declared.'],
        ['null_element_count', 'bigint', 'Rows whose vector has as many elements as declared, and a NULL among them.'],
        ['nonfinite_count', 'bigint', 'Rows whose vector has no NULL element, but NaN or an infinite one (above 1e100 in magnitude).'],
        ['unusable_rate', 'bounded', '(wrong_dimension_count + null_element_count + nonfinite_count) / row_count (0 to 1).'],
        ['reference_count', 'bigint', 'Vectors of the baseline that it is compared with.'],
        ['mean_vector_norm', 'double', 'Norm of the mean vector of the day, in the unit of the elements; NULL without vectors.'],
        ['reference_vector_norm', 'double', 'Norm of the mean vector of the baseline, in the unit of the elements; NULL without a '
            'baseline.'],
        ['cosine', 'double', 'Cosine of both mean vectors (-1 to 1); NULL if one has norm 0.'],
        ['cosine_distance', 'double', '1 - cosine (0 to 2).'],
        ['cosine_noise', 'double', 'Distance that is still noise: mean and five standard deviations of those of the days of the baseline, '
            'more for a day of fewer vectors; NULL without a baseline.'],
        'baseline_windows',
        ['cosine_reason', 'string', 'Why it cannot be judged: insufficient_sample, no_baseline or undefined; else NULL.'],
        'baseline_state', 'rebuild_key', 'declaration_hash', 'ml_batch',
    ])) -%}
{% endmacro %}

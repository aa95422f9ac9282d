{#- The metrics of <m>__embeddings: entries of metric_catalog. Arguments: spec (dict of monitor_spec). -#}
{% macro embeddings_catalog(spec) %}
    {%- set vectors = {
        'model': 'embeddings', 'part': 'embeddings', 'grains': ['day'], 'subjects': 'column', 'subject': 'column_name',
    } -%}
    {%- do return([
        dict(vectors, metric='unusable_vector_rate', category='quality', unit='share of rows', value='unusable_rate',
            description='Share of rows whose vector has another number of elements than declared, '
                'or an element that is NULL, NaN or infinite.',
            bounds=['low', 'high'], rows={'vector': '{broken}'},
            detail='{wrong_dimension_count} of another dimension, {null_element_count} with a NULL, '
                '{nonfinite_count} with NaN or infinity'),
        dict(vectors, metric='cosine_distance', category='drift', unit='1 - cosine', against='serving', sample='vector_count',
            description='1 less the cosine of the mean vector of the day and the one of the serving baseline.',
            significant='coalesce(cosine_distance > cosine_noise, false)', reason='cosine_reason',
            warn_only='is_in_baseline or baseline_windows < ' ~ spec.settings.calibrated_windows,
            detail='norm of the mean vector {mean_vector_norm:3} against {reference_vector_norm:3}'),
    ]) -%}
{% endmacro %}

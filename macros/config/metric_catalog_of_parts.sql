{#-
  Metrics of the catalog that compare the log with a declared source of truth: the group `reconciliation` of <m>__window_metrics.

  Arguments: spec (dict of monitor_spec), plain (dict: the defaults of an entry of metric_catalog).
  Returns: list of dicts as in metric_catalog.
-#}
{% macro reconciliation_catalog(spec, plain) %}
    {%- set text = ml_monitor.text_type() -%}
    {#- What is missing may still come until then; what is too much or unknown is so at once. -#}
    {%- set due_at = ml_monitor.date_add('minute', spec.late_after_minutes, 'window_end') -%}
    {%- set not_due = due_at ~ ' > ' ~ ml_monitor.as_of() -%}
    {%- set rows = dict(plain, category='contract', unit='share of rows', model='reconciliation', part='counts',
        detail="cast(counted_rows as " ~ text ~ ") || ' in the log, ' || cast(declared_rows as " ~ text ~ ") || ' declared by stg_" ~ spec.name ~ "__counts'") -%}
    {%- set entities = dict(plain, category='quality', model='reconciliation', part='registry', grains=['day'], comparisons=[['day', 'none']]) -%}
    {%- do return([
        dict(rows, metric='missing_row_share', label='missing row share',
            description='Share of the rows that the service counted which the log does not have.',
            value='missing_row_share', low='missing_row_share_low', high='missing_row_share_high', sample='declared_rows', available_at=due_at,
            reason="case when declared_rows is null then 'no_declared_count' when " ~ not_due ~ " then 'rows_still_due' end"),
        dict(rows, metric='surplus_row_share', label='surplus row share',
            description='Share of the rows of the log which the service did not count.',
            value='surplus_row_share', low='surplus_row_share_low', high='surplus_row_share_high', sample='counted_rows',
            reason="case when declared_rows is null then 'no_declared_count' end"),
        dict(entities, metric='missing_entity_share', label='missing entity share', unit='share of entities',
            description='Share of the entities that the registry holds as active which have no prediction on the day.',
            value='missing_entity_share', low='missing_entity_share_low', high='missing_entity_share_high', sample='active_entities', available_at=due_at,
            reason="case when active_entities = 0 then 'no_active_entities' when " ~ not_due ~ " then 'rows_still_due' end",
            detail="cast(seen_entities as " ~ text ~ ") || ' of ' || cast(active_entities as " ~ text ~ ") || ' active entities have a prediction'"),
        dict(entities, metric='unknown_entity_share', label='unknown entity share', unit='share of rows',
            description='Share of predictions whose entity the registry does not hold as active on the day.',
            value='unknown_entity_share', low='unknown_entity_share_low', high='unknown_entity_share_high', sample='entity_rows',
            detail="cast(unknown_entity_rows as " ~ text ~ ") || ' of ' || cast(entity_rows as " ~ text ~ ") || ' rows, ' || cast(null_entity_rows as " ~ text ~ ") || ' without an entity'"),
    ]) -%}
{% endmacro %}


{#-
  Metrics of the catalog that compare served features with offline ones: model <m>__parity. Arguments and result as above.
-#}
{% macro parity_catalog(spec, plain) %}
    {%- set text = ml_monitor.text_type() -%}
    {%- set parity = dict(plain, category='quality', unit='share of joined rows', model='parity', part='offline', grains=['day'], comparisons=[['day', 'none']],
        subjects='column', subject='column_name', sample='joined_rows', reason="case when joined_rows = 0 then 'no_offline_rows' end") -%}
    {%- set of_joined = " || ' of ' || cast(joined_rows as " ~ text ~ ") || ' joined rows" -%}
    {%- do return([
        dict(parity, metric='parity_match_rate', label='parity match rate',
            description='Share of joined rows whose served value is exactly the offline value.',
            value='match_rate', low='match_rate_low', high='match_rate_high',
            detail="cast(matched_rows as " ~ text ~ ")" ~ of_joined ~ " are equal' || coalesce('; median difference ' || " ~ ml_monitor.number_text('difference_p50', 3) ~ " || ', largest ' || " ~ ml_monitor.number_text('difference_max', 3) ~ ", '')"),
        dict(parity, metric='parity_null_difference', label='parity null difference',
            description='Share of joined rows that are NULL on one side only.',
            value='null_difference', low='null_difference_low', high='null_difference_high',
            detail="cast(null_mismatch_rows as " ~ text ~ ")" ~ of_joined ~ "; NULL in ' || cast(serving_null_rows as " ~ text ~ ") || ' served and ' || cast(offline_null_rows as " ~ text ~ ") || ' offline'"),
        dict(parity, metric='parity_vocabulary_difference', label='parity vocabulary difference',
            description='Share of joined rows whose category does not occur on the other side that day; the larger of both sides.',
            where="column_kind = 'categorical'", value='vocabulary_difference', low='vocabulary_difference_low', high='vocabulary_difference_high',
            detail="cast(serving_only_values as " ~ text ~ ") || ' categories only served, ' || cast(offline_only_values as " ~ text ~ ") || ' only offline'"),
    ]) -%}
{% endmacro %}


{#- The quality score as a metric of the catalog: the group `quality_score` of <m>__window_metrics. Arguments and result as above. -#}
{% macro quality_score_catalog(spec, plain) %}
    {%- set ns = namespace(shown=[]) -%}
    {%- for part in ml_monitor.quality_parts() -%}
        {%- set ns.shown = ns.shown + ["'" ~ part ~ " ' || coalesce(" ~ ml_monitor.number_text(part, 3) ~ ", 'undefined')"] -%}
    {%- endfor -%}
    {%- do return([
        dict(plain, metric='quality_score', label='quality score', category='quality', unit='0 to 1', model='quality_score', grains=['hour'],
            description='Weighted mean of freshness, completeness, validity and uniqueness of an hour; 0 if a hard rule is broken.',
            comparisons=[['hour', 'none']], subjects='dataset', subject='dataset', value='quality_score', sample='logged_rows', reason='reason',
            detail=ns.shown | join(" || ', ' || ") ~ " || coalesce('; hard rule ' || hard_rule, '')"),
    ]) -%}
{% endmacro %}


{#- Metrics of the catalog of pairs of columns: model <m>__relations. Arguments and result as above. -#}
{% macro relations_catalog(spec, plain) %}
    {%- set relation = dict(plain, category='drift', model='relations', part='relations', grains=['day'], comparisons=[['day', 'serving']], baseline='baseline',
        subjects='pair', subject=ml_monitor.relation_name('column_a', 'column_b'), sample='current_rows',
        warn_only='is_in_baseline or baseline_windows < ' ~ spec.settings.calibrated_windows) -%}
    {%- set ns = namespace(means=[]) -%}
    {%- for third in ['low', 'middle', 'high'] -%}
        {%- set ns.means = ns.means + ["coalesce(" ~ ml_monitor.number_text('current_output_mean_' ~ third, 3) ~ ", 'none') || ' (was ' || coalesce(" ~ ml_monitor.number_text('reference_output_mean_' ~ third, 3) ~ ", 'none') || ')'"] -%}
    {%- endfor -%}
    {%- set detail = "'correlation ' || coalesce(" ~ ml_monitor.number_text('current_correlation', 3) ~ ", 'undefined') || ', was ' || coalesce(" ~ ml_monitor.number_text('reference_correlation', 3) ~ ", 'undefined')"
        ~ " || case when current_output_mean_low is null and current_output_mean_middle is null and current_output_mean_high is null then '' else '; mean ' || column_b || ' where ' || column_a || ' is low, middle, high: ' || "
        ~ ns.means | join(" || ', ' || ") ~ ' end' -%}
    {%- do return([
        dict(relation, metric='correlation_change', label='correlation change', unit="difference of Fisher's z",
            description='How far the correlation of a pair of columns is from the serving baseline.',
            value='correlation_change', significant='is_correlation_changed', reason='correlation_reason', detail=detail),
        dict(relation, metric='joint_psi', label='joint PSI', unit='PSI less its expectation under no drift',
            description='Population stability index of the nine cells that the thirds of two columns make, against the serving baseline.',
            value='joint_psi_excess', significant='is_joint_drift_detected', reason='joint_reason', detail=detail),
    ]) -%}
{% endmacro %}


{#- Metrics of the catalog that speak of embeddings: model <m>__embeddings. Arguments and result as above. -#}
{% macro embeddings_catalog(spec, plain) %}
    {%- set text = ml_monitor.text_type() -%}
    {%- set vectors = dict(plain, model='embeddings', part='embeddings', grains=['day'], subjects='column', subject='column_name') -%}
    {%- do return([
        dict(vectors, metric='unusable_vector_rate', label='unusable vector rate', category='quality', unit='share of rows', comparisons=[['day', 'none']],
            description='Share of rows whose vector has another number of elements than declared, or an element that is NULL, NaN or infinite.',
            value='unusable_rate', low='unusable_rate_low', high='unusable_rate_high', sample='row_count', rows={'vector': '{broken}'},
            detail="cast(wrong_dimension_count as " ~ text ~ ") || ' of another dimension, ' || cast(null_element_count as " ~ text ~ ") || ' with a NULL, ' || cast(nonfinite_count as " ~ text ~ ") || ' with NaN or infinity'"),
        dict(vectors, metric='cosine_distance', label='cosine distance', category='drift', unit='1 - cosine', comparisons=[['day', 'serving']], baseline="'serving'",
            description='1 less the cosine of the mean vector of the day and the one of the serving baseline.',
            value='cosine_distance', significant='coalesce(cosine_distance > cosine_noise, false)', sample='vector_count', reason='cosine_reason',
            warn_only='is_in_baseline or baseline_windows < ' ~ spec.settings.calibrated_windows,
            detail="'norm of the mean vector ' || " ~ ml_monitor.number_text('mean_vector_norm', 3) ~ " || ' against ' || " ~ ml_monitor.number_text('reference_vector_norm', 3)),
    ]) -%}
{% endmacro %}


{#- The ranking of attributions as a metric of the catalog: model <m>__attributions. Arguments and result as above. -#}
{% macro attributions_catalog(spec, plain) %}
    {#- The value is the same on all rows of a day and version: the first column's row stands for them. -#}
    {%- set first = (spec.inferences | selectattr('role', 'equalto', 'attribution') | map(attribute='name') | list + [''])[0] -%}
    {%- do return([
        dict(plain, metric='attribution_ndcg', label='NDCG of the attributions', category='drift', unit='0 to 1', model='attributions', part='attributions',
            description='How well the features keep their order by mean absolute attribution, against the serving baseline of the version.',
            grains=['day'], comparisons=[['day', 'serving']], baseline="'serving'", where='column_name = ' ~ ml_monitor.string_literal(first) ~ " and model_version <> '__all__'",
            value='attribution_ndcg', significant='coalesce(1 - attribution_ndcg > ndcg_noise, false)', sample='ranked_rows', reason='ndcg_reason',
            warn_only='is_in_baseline or baseline_windows < ' ~ spec.settings.calibrated_windows, detail="coalesce(most_moved, '')"),
    ]) -%}
{% endmacro %}

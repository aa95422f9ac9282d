{#-
  Model ml_test_facets: every check as an entry of OpenLineage's TestRunFacet, for catalogues that read it. What could not be judged is
  skipped, never passed; a warning is a failure of severity warn.

  Columns: ml_test_facets_columns; those before check_id are the fields of the facet.
  Source: OpenLineage, TestRunFacet 1-0-0.
-#}
{% macro test_facets_view() %}
    {{- config(materialized='view') -}}
    {%- set text = ml_monitor.text_type() -%}
-- ml_monitor.test_facets_view()
with

checks as (

    select
        c.*,
        case
            when c.status = 'fail' then 'error'
            when c.status = 'warn' or (p.fail_below is null and p.fail_above is null) then 'warn'
            else 'error'
        end as severity,
        p.warn_below, p.fail_below, p.warn_above, p.fail_above
    from {{ ml_monitor.aliased(ref('ml_monitor', 'ml_checks'), 'c') }}
    left join {{ ml_monitor.aliased(ref('ml_monitor', 'ml_policies'), 'p') }} on c.monitor = p.monitor and c.policy_id = p.policy_id

),

limits as (

    select
        *,
        case when severity = 'error' then fail_below else warn_below end as least,
        case when severity = 'error' then fail_above else warn_above end as most
    from checks

),

final as (

    select
        monitor || '.' || category || '.' || metric || '.' || subject || '.' || window_grain
            || case when baseline = 'none' then '' else '.' || baseline end
            || case when segment_name = '__all__' then '' else '.' || segment_name || '=' || segment_value end
            || case when model_version = '__all__' then '' else '.' || model_version end as test_name,
        case status when 'pass' then 'pass' when 'not_evaluated' then 'skip' else 'fail' end as test_status,
        metric as test_type,
        coalesce(message, 'not evaluated: ' || reason) as description,
        case
            when least is not null and most is not null
                then '>= ' || {{ ml_monitor.number_as_text('least') }} || ' and <= ' || {{ ml_monitor.number_as_text('most') }}
            when least is not null then '>= ' || {{ ml_monitor.number_as_text('least') }}
            when most is not null then '<= ' || {{ ml_monitor.number_as_text('most') }}
        end as expected,
        {{ ml_monitor.significant_text('value') }} as actual,
        rows_query as content,
        case when rows_query is not null then 'sql' end as content_type,
        monitor || '__' || case when category = 'performance' then 'labels' else 'inferences' end as dataset,
        severity, check_id, monitor, category, window_start, window_end, available_at, owner
    from limits

)

select
    {{ ml_monitor.typed_columns(ml_monitor.ml_test_facets_columns()) | indent(4) }}
from final
{% endmacro %}


{#- The columns of ml_test_facets. -#}
{% macro ml_test_facets_columns() %}
    {%- do return(ml_monitor.listed_columns([
        ['test_name', 'string', 'Field name: monitor, category, metric, subject, grain, and baseline, segment and version where the check '
            'has one. The windows of a check share it.'],
        ['test_status', 'string', 'Field status: pass, fail (a warning or a failure), or skip if it could not be judged.'],
        ['severity', 'string', 'error if the policy can fail a gate, warn if it warns at most; of a warning warn.'],
        ['test_type', 'string', 'Field type: the metric.'],
        ['description', 'string', 'What was found, or why it was not judged; NULL of a check that passed.'],
        ['expected', 'string', 'Limits of the policy at this severity, such as <= 0.2, in the unit of the metric.'],
        ['actual', 'string', 'Value of the metric, to four digits; NULL if it is undefined.'],
        ['content', 'string', 'Query of the rows behind a finding; NULL if it has none.'],
        ['content_type', 'string', 'sql where there is a content, else NULL.'],
        ['dataset', 'string', 'Model that was checked: <m>__inferences, or <m>__labels of performance.'],
        ['check_id', 'string', 'Check, as in ml_checks.'],
        'monitor',
        ['category', 'string', 'Gate that the check belongs to.'],
        'window_start', 'window_end',
        ['available_at', 'timestamp', 'Earliest moment that the check could be judged (UTC).'],
        'owner',
    ])) -%}
{% endmacro %}

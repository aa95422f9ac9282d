{#-
  The measures of fairness of a binary task: what separates the groups of a protected segment.

  Returns: list of dicts
    metric, label, description, unit
    of              list of measures of performance (performance_measures) that are compared between the groups; of several the larger
                    difference counts
    kind            `difference` (largest less smallest) or `ratio` (smallest by largest)
    needs_labels    boolean
  Source: Fairlearn for demographic_parity and equalized_odds, Databricks for predictive_parity and predictive_equality, Hardt et al. (2016)
    for equal opportunity.
-#}
{% macro fairness_measures() %}
    {%- set ns = namespace(measures=[]) -%}
    {%- for metric, about in {
        'demographic_parity_ratio': [['selection_rate'], 'Smallest selection rate of a group divided by the largest.'],
        'demographic_parity_difference': [['selection_rate'], 'Largest selection rate of a group less the smallest.'],
        'equalized_odds_difference': [['recall', 'false_positive_rate'],
            'The larger of the differences of recall and of false positive rate between groups.'],
        'equal_opportunity_difference': [['recall'], 'Largest recall of a group less the smallest.'],
        'predictive_equality_difference': [['false_positive_rate'], 'Largest false positive rate of a group less the smallest.'],
        'predictive_parity_difference': [['precision'], 'Largest precision of a group less the smallest.'],
    }.items() -%}
        {%- set kind = metric.split('_') | last -%}
        {%- set ns.measures = ns.measures + [{
            'metric': metric, 'label': metric.replace('_', ' '), 'of': about[0], 'kind': kind, 'description': about[1],
            'unit': 'ratio' if kind == 'ratio' else 'difference of shares', 'needs_labels': about[0] != ['selection_rate'],
        }] -%}
    {%- endfor -%}
    {%- do return(ns.measures) -%}
{% endmacro %}

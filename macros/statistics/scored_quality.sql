{#-
  The quality score and its parts from counts: the formula of the group `quality_score` of <m>__window_metrics and of the test
  quality_score.

  Arguments: counts (CTE with the columns named in quality_part_counts), weights (dict of part -> number, in the order the parts are shown),
    hard_rule (SQL text: the hard rule that is broken, NULL if none is).
  CTEs, the last of them `scored`: all columns of `counts`, and
    freshness, completeness, validity, uniqueness   1 - faulty / all, 0 to 1; NULL without anything to count
    hard_rule       as given
    weight_sum      weights of the parts that are not NULL
    quality_score   mean of these parts by their weights, 0 if a hard rule is broken; NULL if weight_sum is 0
-#}
{% macro scored_quality(counts, weights, hard_rule) -%}
parts as (

    select
        {{ counts }}.*,
        {%- for part, faulty, all in ml_monitor.quality_part_counts() %}
        1 - {{ ml_monitor.ratio(faulty, all) }} as {{ part }},
        {%- endfor %}
        {{ hard_rule | indent(8) }} as hard_rule
    from {{ counts }}

),

weighed as (

    select
        parts.*,
        {%- for part, weight in weights.items() %}
        {{ '+ ' if not loop.first }}case when {{ part }} is null then 0 else {{ ml_monitor.float64(weight) }} end
        {%- endfor %} as weight_sum,
        {%- for part, weight in weights.items() %}
        {{ '+ ' if not loop.first }}coalesce({{ ml_monitor.float64(weight) }} * {{ part }}, 0)
        {%- endfor %} as weighted_sum
    from parts

),

scored as (

    select
        weighed.*,
        {%- set score = 'case when hard_rule is not null then 0 when weight_sum > 0 then weighted_sum / weight_sum end' %}
        {{ ml_monitor.float64(score) }} as quality_score
    from weighed

),
{%- endmacro %}


{#- The parts of the quality score: list of [part, the column of what is faulty, the column of what was counted]. -#}
{% macro quality_part_counts() %}
    {%- do return([
        ['freshness', 'late_rows', 'timed_rows'],
        ['completeness', 'missing_values', 'expected_values'],
        ['validity', 'invalid_values', 'checked_values'],
        ['uniqueness', 'duplicate_rows', 'logged_rows'],
    ]) -%}
{% endmacro %}

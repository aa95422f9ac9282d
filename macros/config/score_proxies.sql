{#-
  Label-free proxies: columns that are computed from the score and monitored like declared ones, because they move before the labels
  come. A monitor declares which (`proxies`), and how near the threshold is (`near_threshold_margin`).

  Arguments: spec (dict of monitor_spec).
  Returns: list of {name, kind, expression (SQL over the columns of the log; NULL without a score)}:
    __score_entropy__    binary entropy of the score in bits, 0 (sure) to 1 (a coin), to nine decimals, so that engines agree on it;
                         NULL outside 0 to 1
    __near_threshold__   yes or no: the score is at most near_threshold_margin from positive_threshold
    __decision__         yes or no: the score is at or above positive_threshold
-#}
{% macro score_proxies(spec) %}
    {%- set score = ml_monitor.float64(ml_monitor.role_value(spec.inferences, 'score') or 'null') -%}
    {%- set threshold = ml_monitor.float64(spec.positive_threshold) -%}
    {%- set is_number = score ~ ' between -1e100 and 1e100' -%}
    {%- set nats = score ~ ' * ln(' ~ score ~ ') + (1 - ' ~ score ~ ') * ln(1 - ' ~ score ~ ')' -%}
    {%- set bits = '-(' ~ nats ~ ') / ln(' ~ ml_monitor.float64(2) ~ ')' -%}
    {%- set conditions = {
        'near_threshold': 'abs(' ~ score ~ ' - ' ~ threshold ~ ') <= ' ~ ml_monitor.float64(spec.near_threshold_margin),
        'decision': score ~ ' >= ' ~ threshold,
    } -%}
    {%- set proxies = [] -%}
    {%- for proxy in ml_monitor.known_proxies() if proxy in spec.get('proxies', []) -%}
        {%- if proxy == 'score_entropy' -%}
            {%- set expression = 'case when ' ~ score ~ ' > 0 and ' ~ score ~ ' < 1 then floor(1e9 * (' ~ bits ~ ') + 0.5) / 1e9 when '
                ~ score ~ ' in (0, 1) then 0 end' -%}
        {%- else -%}
            {%- set expression = 'case when ' ~ is_number ~ ' then case when ' ~ conditions[proxy] ~ " then 'yes' else 'no' end end" -%}
        {%- endif -%}
        {%- set kind = 'numeric' if proxy == 'score_entropy' else 'categorical' -%}
        {%- do proxies.append({'name': '__' ~ proxy ~ '__', 'kind': kind, 'expression': expression}) -%}
    {%- endfor -%}
    {%- do return(proxies) -%}
{% endmacro %}

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
    {%- set score = ml_monitor.float64(ml_monitor.role_column(spec.inferences, 'score')) -%}
    {%- set threshold = ml_monitor.float64(spec.positive_threshold) -%}
    {%- set is_number = score ~ ' between -1e100 and 1e100' -%}
    {%- set bits = '-(' ~ score ~ ' * ln(' ~ score ~ ') + (1 - ' ~ score ~ ') * ln(1 - ' ~ score ~ ')) / ln(' ~ ml_monitor.float64(2) ~ ')' -%}
    {%- set conditions = {
        'near_threshold': 'abs(' ~ score ~ ' - ' ~ threshold ~ ') <= ' ~ ml_monitor.float64(spec.near_threshold_margin),
        'decision': score ~ ' >= ' ~ threshold,
    } -%}
    {%- set ns = namespace(proxies=[]) -%}
    {%- for proxy in ml_monitor.known_proxies() if proxy in spec.get('proxies', []) -%}
        {%- if proxy == 'score_entropy' -%}
            {%- set expression = 'case when ' ~ score ~ ' > 0 and ' ~ score ~ ' < 1 then floor(1e9 * (' ~ bits ~ ') + 0.5) / 1e9 when ' ~ score ~ ' in (0, 1) then 0 end' -%}
        {%- else -%}
            {%- set expression = 'case when ' ~ is_number ~ ' then case when ' ~ conditions[proxy] ~ " then 'yes' else 'no' end end" -%}
        {%- endif -%}
        {%- set ns.proxies = ns.proxies + [{'name': '__' ~ proxy ~ '__', 'kind': 'numeric' if proxy == 'score_entropy' else 'categorical', 'expression': expression}] -%}
    {%- endfor -%}
    {%- do return(ns.proxies) -%}
{% endmacro %}


{#- The proxies that a monitor may declare. -#}
{% macro known_proxies() %}
    {%- do return(['score_entropy', 'near_threshold', 'decision']) -%}
{% endmacro %}


{#-
  Faults of `proxies` and `near_threshold_margin`.

  Arguments: meta (dict), path (string: the key of meta), file (string), head (string: the lines above a key), inferences (list of columns).
  Returns: list of dicts as in declaration_faults.
-#}
{% macro proxy_faults(meta, path, file, head, inferences) %}
    {%- set faults = [] -%}
    {%- set known = ml_monitor.known_proxies() -%}
    {%- set declared = meta.get('proxies') or [] -%}
    {%- set snippet = head ~ 'proxies: [' ~ known | join(', ') ~ ']' -%}
    {%- set is_list = declared is not string and declared is not mapping and declared is iterable -%}
    {%- set scores = inferences | selectattr('role', 'equalto', 'score') | list -%}
    {%- if not is_list or declared | reject('in', known) | list or declared | unique | list | length < declared | length -%}
        {%- do faults.append({'file': file, 'key': path ~ '.proxies', 'found': declared, 'allowed': 'a list of ' ~ known | join(', ') ~ ', each once', 'snippet': snippet}) -%}
    {%- endif -%}
    {%- if declared and meta.get('task') != 'binary' -%}
        {%- do faults.append({'file': file, 'key': path ~ '.proxies', 'found': 'proxies of a monitor with task ' ~ meta.get('task', 'nothing'), 'allowed': 'task: binary, whose score is the probability of class 1', 'snippet': head ~ 'task: binary\n      proxies: [' ~ known | join(', ') ~ ']'}) -%}
    {%- endif -%}
    {%- if declared and (not scores or scores[0].kind != 'numeric') -%}
        {%- do faults.append({'file': file, 'key': path ~ '.proxies', 'found': 'proxies without a column with role score that is a number', 'allowed': 'exactly one, from which they are computed', 'snippet': '- {name: score, data_type: double, config: {meta: {role: score, min: 0, max: 1}}}'}) -%}
    {%- endif -%}
    {%- if 'near_threshold_margin' in meta -%}
        {%- set margin = meta.near_threshold_margin -%}
        {%- if margin is not number or margin is boolean or margin <= 0 -%}
            {%- do faults.append({'file': file, 'key': path ~ '.near_threshold_margin', 'found': margin, 'allowed': 'a number above 0', 'snippet': head ~ 'proxies: [near_threshold]\n      near_threshold_margin: 0.05'}) -%}
        {%- endif -%}
        {%- if not is_list or 'near_threshold' not in declared -%}
            {%- do faults.append({'file': file, 'key': path ~ '.near_threshold_margin', 'found': 'a margin without the proxy near_threshold', 'allowed': 'beside proxies with near_threshold', 'snippet': head ~ 'proxies: [near_threshold]\n      near_threshold_margin: 0.05'}) -%}
        {%- endif -%}
    {%- endif -%}
    {%- do return(faults) -%}
{% endmacro %}

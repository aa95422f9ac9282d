{#-
  Faults of `retraining.when`, whose form key_faults has checked.
  Arguments: meta, at (dicts of monitor_faults). Returns: list of dicts as in declaration_faults.
-#}
{% macro retraining_faults(meta, at) %}
    {%- set faults = [] -%}
    {%- set declared = meta.retraining if meta.get('retraining') is mapping else {} -%}
    {%- set known = ['performance', 'drift_with_impact', 'age'] -%}
    {%- set fault = {'file': at.file, 'snippet': at.head
        ~ 'retraining: {when: [[performance], [drift_with_impact, age]], max_age_days: 180}'} -%}
    {%- for names in (declared.when if ml_monitor.is_list(declared.get('when')) else []) -%}
        {%- set key = at.path ~ '.retraining.when[' ~ loop.index0 ~ ']' -%}
        {%- if not ml_monitor.is_list(names) or not names or names | reject('in', known) | list -%}
            {%- do faults.append(dict(fault, key=key, found=names, allowed='a list of ' ~ known | join(', '))) -%}
        {%- elif 'age' in names and not declared.get('max_age_days') -%}
            {%- do faults.append(dict(fault, key=key, found='age without max_age_days', allowed='age beside max_age_days')) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- do return(faults) -%}
{% endmacro %}

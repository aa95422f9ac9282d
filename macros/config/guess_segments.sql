{#-
  The segments: at most two categories of few values, by names that people usually cut by, else the first such text.
  Arguments: about (dict as in suggest_contract, of the inferences, with roles). Returns: list of dicts of columns.
-#}
{% macro guess_segments(about) %}
    {%- set usual = 'country|region|state|market|channel|platform|device|os|plan|tier|segment|product|category|site|store|brand|carrier|'
        ~ 'origin|currency|tenant|source|department|clinic|hospital|ward|plant|cohort|group|vendor|method|mode|type' -%}
    {%- set named, others = [], [] -%}
    {%- for c in about.columns if c.role == 'feature' and (c.type_class == 'text' or c.categorical) and not c.is_flag
        and about.rows >= 100 and 2 <= c.distinct <= 20 -%}
        {%- set is_usual = modules.re.match('^(.*_)?(' ~ usual ~ ')(_(id|code|type|name))?$', c.key) -%}
        {%- if is_usual or c.type_class == 'text' -%}{%- do (named if is_usual else others).append(c) -%}{%- endif -%}
    {%- endfor -%}
    {%- do return((named or others[:1])[:2]) -%}
{% endmacro %}

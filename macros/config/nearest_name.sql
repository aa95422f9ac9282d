{#-
  The name that one was meant to be: one that begins it or that it begins, else the one that shares most pairs of neighbouring letters, if
  these are 60 % or more of both.
  Arguments: name (string), names (list of strings). Returns: string or none.
-#}
{% macro nearest_name(name, names) %}
    {%- set pairs = [] -%}
    {%- for i in range(name | length - 1) -%}{%- do pairs.append(name[i:i + 2] | lower) -%}{%- endfor -%}
    {%- set best = namespace(name=none, share=0.6) -%}
    {%- for other in names if pairs -%}
        {%- set shared = [] -%}
        {%- for i in range(other | length - 1) if other[i:i + 2] in pairs -%}{%- do shared.append(i) -%}{%- endfor -%}
        {%- set share = 2 * shared | length / (pairs | length + other | length - 1) -%}
        {%- set share = 1 + share if name.startswith(other) or other.startswith(name) else share -%}
        {%- if share >= best.share -%}{%- set best.name, best.share = other, share -%}{%- endif -%}
    {%- endfor -%}
    {%- do return(best.name) -%}
{% endmacro %}

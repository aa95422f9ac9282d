{#-
  The segments whose values are compared for fairness: those with a protected column, crosses included.
  Arguments: spec. Returns: list of names.
-#}
{% macro protected_segments(spec) %}
    {%- set names = [] -%}
    {%- for segment, columns in spec.segment_columns.items() if columns | select('in', spec.protected) | list -%}
        {%- do names.append(segment) -%}
    {%- endfor -%}
    {%- do return(names) -%}
{% endmacro %}

{#-
  The text a row of the log (alias `log`) has in a segment, before it is named: of one column, or of several that are crossed,
  with ` * ` between them. A star within a value is doubled, so that no two rows of different values share a text.
  Arguments: spec, segment (string: its name). Returns: SQL; NULL where a segment of one column is.
-#}
{% macro segment_text(spec, segment) %}
    {%- set texts, crossed = [], [] -%}
    {%- for column in spec.segment_columns[segment] -%}
        {%- set own = (spec.inferences | selectattr('name', 'equalto', column) | list)[0] -%}
        {%- do texts.append(ml_monitor.value_text('log.' ~ own.sql, own.data_type)) -%}
        {%- do crossed.append("coalesce(replace(" ~ texts[-1] ~ ", '*', '**'), '__null__')") -%}
    {%- endfor -%}
    {%- do return(texts[0] if texts | length == 1 else crossed | join(" || ' * ' || ")) -%}
{% endmacro %}

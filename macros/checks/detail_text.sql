{#-
  The SQL of a template of metric_catalog (`detail`): a text with values in it, as filled_text has them, and

    {part}, {sample}    the rows that the value counts, value * sample, and the sample
    [...]               left out if anything in it is NULL

  Arguments: template (string), value (SQL: the value of the check); sample_size must be in scope.
  Returns: SQL, a text.
-#}
{% macro detail_text(template, value) %}
    {%- set part = '{cast(floor(' ~ value ~ ' * sample_size + 0.5) as bigint)}' -%}
    {%- set template = template.replace('{part}', part).replace('{sample}', '{sample_size}') -%}
    {%- set ns = namespace(texts=[]) -%}
    {%- for piece in modules.re.split('(\\[[^\\]]*\\])', template) if piece -%}
        {%- set is_optional = piece.startswith('[') -%}
        {%- set filled = ml_monitor.filled_text(piece[1:-1] if is_optional else piece) -%}
        {%- set ns.texts = ns.texts + ['coalesce(' ~ filled ~ ", '')" if is_optional else filled] -%}
    {%- endfor -%}
    {%- do return(ns.texts | join(' || ') or "''") -%}
{% endmacro %}

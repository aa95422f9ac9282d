{#-
  The SQL of a template of metric_catalog (`detail`): a text with values in it.

    {name}              a column, or SQL without `:`, as text
    {name:2}            a number with so many digits
    {name:2|undefined}  the same, with a text for NULL
    {part}, {sample}    the rows that the value counts, value * sample, and the sample
    [...]               left out if anything in it is NULL

  Arguments: template (string), value (SQL: the value of the check); sample_size must be in scope.
  Returns: SQL, a text.
-#}
{% macro detail_text(template, value) %}
    {%- set text = ml_monitor.text_type() -%}
    {%- set ns = namespace(texts=[]) -%}
    {%- for piece in modules.re.split('(\\[[^\\]]*\\])', template) if piece -%}
        {%- set is_optional = piece.startswith('[') -%}
        {%- set own = namespace(parts=[]) -%}
        {%- for literal_or_value in modules.re.split('(\\{[^}]*\\})', piece[1:-1] if is_optional else piece) if literal_or_value -%}
            {%- if not literal_or_value.startswith('{') -%}
                {%- set own.parts = own.parts + [ml_monitor.string_literal(literal_or_value)] -%}
            {%- else -%}
                {%- set expression, has_digits, format = literal_or_value[1:-1].partition(':') -%}
                {%- set digits, has_default, default = format.partition('|') -%}
                {%- if expression == 'part' -%}
                    {%- set expression = 'cast(floor(' ~ value ~ ' * sample_size + 0.5) as bigint)' -%}
                {%- elif expression == 'sample' -%}
                    {%- set expression = 'sample_size' -%}
                {%- endif -%}
                {%- set shown = ml_monitor.number_text(expression, digits) if has_digits else 'cast(' ~ expression ~ ' as ' ~ text ~ ')' -%}
                {%- set own.parts = own.parts + ['coalesce(' ~ shown ~ ", '" ~ default ~ "')" if has_default else shown] -%}
            {%- endif -%}
        {%- endfor -%}
        {%- set joined = own.parts | join(' || ') -%}
        {%- set ns.texts = ns.texts + ['coalesce(' ~ joined ~ ", '')" if is_optional else joined] -%}
    {%- endfor -%}
    {%- do return(ns.texts | join(' || ') or "''") -%}
{% endmacro %}

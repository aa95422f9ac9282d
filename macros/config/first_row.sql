{#- The first row of some aggregates. Arguments: expressions (list of strings), source (string: a select). Returns: row. -#}
{% macro first_row(expressions, source) %}
    {%- set query = 'select\n    ' ~ expressions | join(',\n    ') ~ '\nfrom (\n    ' ~ source | indent(4) ~ '\n) as data' -%}
    {%- do return(run_query(query).rows[0]) -%}
{% endmacro %}

{#- Shares of rows that PSI cannot see or names badly. Returns: dict of name -> what it counts. -#}
{% macro watched_shares() %}
    {%- do return({
        'null': 'NULLs', 'zero': 'zeros', 'default': 'the declared default value',
        'spike': 'the most frequent value among the edges of the grid',
    }) -%}
{% endmacro %}

{#- The frozen edge of a number from 0 to 19. Arguments: grid (alias of <m>__grid), number (SQL). Returns: SQL. -#}
{% macro edge_of_number(grid, number) -%}
case {{ number }}
    {%- for k in range(20) %}
    {{- '\n    ' if loop.index0 is divisibleby 5 else ' ' }}when {{ k }} then {{ grid }}.edge_{{ '%02d' % k }}
    {%- endfor %}
end
{%- endmacro %}

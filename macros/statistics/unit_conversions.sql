{#-
  The changes of unit that are looked for, in one list: a value x of the reference becomes factor * x + offset.
  Returns: a list of dicts with name (string, as messages show it), factor, offset (numbers).
  Every conversion comes with its inverse. `near` is true where the factor is one that a business can reach without any
  change of unit (between a quarter and four times): those need a closer match.
-#}
{% macro unit_conversions() %}
    {%- set ns = namespace(listed=[]) -%}
    {%- for times in [10, 60, 100, 1000, 3600] -%}
        {%- set ns.listed = ns.listed + [
            {'name': 'x ' ~ times, 'factor': times, 'offset': 0, 'near': false},
            {'name': '/ ' ~ times, 'factor': 1 / times, 'offset': 0, 'near': false},
        ] -%}
    {%- endfor -%}
    {%- for small, large, factor in [
        ['miles', 'kilometres', 1.609344], ['kilograms', 'pounds', 1 / 0.45359237],
        ['inches', 'centimetres', 2.54], ['metres', 'feet', 1 / 0.3048],
    ] -%}
        {%- set ns.listed = ns.listed + [
            {'name': small ~ ' to ' ~ large ~ ' (x ' ~ '%.4f' % factor ~ ')', 'factor': factor, 'offset': 0, 'near': true},
            {'name': large ~ ' to ' ~ small ~ ' (x ' ~ '%.4f' % (1 / factor) ~ ')', 'factor': 1 / factor, 'offset': 0, 'near': true},
        ] -%}
    {%- endfor -%}
    {%- do return(ns.listed + [
        {'name': 'Celsius to Fahrenheit (1.8x + 32)', 'factor': 1.8, 'offset': 32, 'near': false},
        {'name': 'Fahrenheit to Celsius ((x - 32) / 1.8)', 'factor': 1 / 1.8, 'offset': -32 / 1.8, 'near': false},
        {'name': 'sign change (-x)', 'factor': -1, 'offset': 0, 'near': false},
    ]) -%}
{% endmacro %}

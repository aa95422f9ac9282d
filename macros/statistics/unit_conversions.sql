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
        ['miles', 'kilometres', 1.609344], ['kilograms', 'pounds', 1 / 0.45359237], ['inches', 'centimetres', 2.54], ['metres', 'feet', 1 / 0.3048],
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


{#-
  The change of unit that explains how the quantiles of a column moved, as SQL text: the name of a conversion, NULL if none does.

  A conversion is named if, with D = the largest absolute difference between a current quantile and the converted quantile of the
  reference, and D0 = the largest one without conversion:
    D < 0.25 * the interquartile range of the reference, converted;
    D < D0 / 5, and D0 / 20 for a near conversion: growth by 1.6 is more often growth than kilometres;
    D0 >= 0.25 * the interquartile range of the reference: there is a change to explain.
  Of several the one with the smallest D, in units of the converted interquartile range. Where the interquartile range is 0, as for a
  constant or a column of zeros, 1/100,000 of the larger outer quantile stands for it: one number is little evidence, so it has to
  fit exactly. A column that is 0, or a NULL among the quantiles, names nothing. A symmetric column around 0 does
  not show a change of sign.

  Arguments: current_quantiles, reference_quantiles (lists of five SQL names or short expressions: 10th, 25th, 50th, 75th and
    90th percentile, finite 64-bit floats). Each is written about fifty times: pass columns.
  Source: our own; rates of false names in docs/generic_tests_more.md.
-#}
{% macro unit_change_name(current_quantiles, reference_quantiles) %}
    {%- set scale = ml_monitor.unit_change_scale(reference_quantiles) -%}
    {%- set unchanged = ml_monitor.largest_difference(current_quantiles, reference_quantiles, 1, 0) -%}
    {%- set ns = namespace(keys=[]) -%}
    {%- for one in ml_monitor.unit_conversions() -%}
        {%- set distance = ml_monitor.largest_difference(current_quantiles, reference_quantiles, one.factor, one.offset) -%}
        {%- set unit = '(' ~ (one.factor | abs) ~ ' * ' ~ scale ~ ')' -%}
        {#- The distance in front as digits of equal number: least() of the texts then finds the nearest conversion. -#}
        {%- set ns.keys = ns.keys + ["case when " ~ distance ~ " < 0.25 * " ~ unit ~ " and " ~ distance ~ " < " ~ (0.05 if one.near else 0.2) ~ " * " ~ unchanged
            ~ " then cast(cast(1000000 + 999999 * " ~ distance ~ " / " ~ unit ~ " as bigint) as " ~ dbt.type_string() ~ ") || " ~ ml_monitor.string_literal(one.name) ~ " end"] -%}
    {%- endfor -%}
    {%- do return("case when " ~ (current_quantiles + reference_quantiles) | join(' + ') ~ " is not null and " ~ unchanged ~ " >= 0.25 * " ~ scale
        ~ " then substr(least(\n" ~ ns.keys | join(",\n") ~ "\n), 8) end") -%}
{% endmacro %}


{#- The largest absolute difference between quantiles and those of the reference, converted. Arguments: lists of SQL, numbers. Returns: SQL. -#}
{% macro largest_difference(current_quantiles, reference_quantiles, factor, offset) %}
    {%- set reference = reference_quantiles if factor > 0 else reference_quantiles | reverse | list -%}
    {%- set times = (factor ~ ' * ') if factor != 1 else '' -%}
    {%- set plus = (' + ' ~ offset if offset > 0 else ' - ' ~ -1 * offset) if offset else '' -%}
    {%- set ns = namespace(terms=[]) -%}
    {%- for current in current_quantiles -%}
        {%- set ns.terms = ns.terms + ['abs(' ~ current ~ ' - (' ~ times ~ reference[loop.index0] ~ plus ~ '))'] -%}
    {%- endfor -%}
    {%- do return('greatest(' ~ ns.terms | join(', ') ~ ')') -%}
{% endmacro %}


{#- The unit in which quantiles are compared, see unit_change_name. Arguments: list of five SQL. Returns: SQL. -#}
{% macro unit_change_scale(quantiles) %}
    {%- do return('(case when ' ~ quantiles[3] ~ ' > ' ~ quantiles[1] ~ ' then ' ~ quantiles[3] ~ ' - ' ~ quantiles[1]
        ~ ' else 0.00001 * greatest(abs(' ~ quantiles[0] ~ '), abs(' ~ quantiles[4] ~ ')) end)') -%}
{% endmacro %}

{#-
  The change of unit that explains how the quantiles of a column moved, as SQL text: the name of a conversion, NULL if none does.

  A conversion is named if, with D = the largest absolute difference between a current quantile and the converted quantile of the
  reference, D0 = the largest one without conversion, and unit = the interquartile range of the reference or, where that is more, the
  distance of its quantile from its median:
    every difference < tolerance * its unit, converted, and 0.25 for a near conversion;
    D < D0 / 5, and near_share * D0 for a near conversion: growth by 1.6 is more often growth than kilometres;
    D0 >= 0.25 * the interquartile range of the reference: there is a change to explain.
  Of several the one with the smallest difference in those units. Where the interquartile range is 0, as for a constant or a column of
  zeros, 1/100,000 of the larger outer quantile stands for it: one number is little evidence, so it has to fit exactly. A reference that
  is 0, or a NULL among the quantiles, names nothing. A column that is symmetric around 0 does not show a change of sign.

  Arguments: current_quantiles, reference_quantiles (lists of five SQL names or short expressions: 10th, 25th, 50th, 75th and
    90th percentile, finite 64-bit floats). Each is written many times: pass columns.
    tolerance (number, default 0.25: two samples of one thing; the days of a monitor move, so it allows more)
    near_share (number, default 0.05), near (SQL condition for a near conversion to be considered, default always)
  Source: our own; how often it is right and wrong: docs/generic_tests_more.md, unit_change.
-#}
{% macro unit_change_name(current_quantiles, reference_quantiles, tolerance=0.25, near_share=0.05, near='1 = 1') -%}
    {%- set range = '(' ~ reference_quantiles[3] ~ ' - ' ~ reference_quantiles[1] ~ ')' -%}
    {%- set outer = ml_monitor.greatest_of(['abs(' ~ reference_quantiles[0] ~ ')', 'abs(' ~ reference_quantiles[4] ~ ')']) -%}
    {%- set smallest = '0.00001 * ' ~ outer -%}
    {%- set unchanged, differences, in_units = [], [], [] -%}
    {%- for current in current_quantiles -%}
        {%- set k = loop.index0 -%}
        {%- do unchanged.append('abs(' ~ current ~ ' - ' ~ reference_quantiles[k] ~ ')') -%}
        {#- A change of sign turns the order of the quantiles. -#}
        {%- set source = 'case when c.factor > 0 then ' ~ reference_quantiles[k] ~ ' else ' ~ reference_quantiles[4 - k] ~ ' end' -%}
        {%- set difference = 'abs(' ~ current ~ ' - (c.factor * ' ~ source ~ ' + c.shift))' -%}
        {%- set unit = ml_monitor.greatest_of([range, 'abs(' ~ source ~ ' - ' ~ reference_quantiles[2] ~ ')']) -%}
        {%- do differences.append(difference) -%}
        {%- do in_units.append(
            difference ~ ' / (abs(c.factor) * case when ' ~ range ~ ' > 0 then ' ~ unit ~ ' else nullif(' ~ smallest ~ ', 0) end)'
        ) -%}
    {%- endfor -%}
    {%- set unchanged = ml_monitor.greatest_of(unchanged, indent=8) -%}
    {%- set in_units = ml_monitor.greatest_of(in_units, indent=8) -%}
    {%- set rows = [] -%}
    {%- for one in ml_monitor.unit_conversions() -%}
        {%- do rows.append({'conversion_name': ml_monitor.string_literal(one.name), 'factor': ml_monitor.float64(one.factor),
            'shift': ml_monitor.float64(one.offset), 'is_near': one.near | lower}) -%}
    {%- endfor -%}
    {#- The distance in front as seven digits: the least of the texts is the nearest conversion. -#}
    {%- set name -%}
cast(cast(
        1000000 + 1000000 * {{ ml_monitor.least_of([8, in_units]) }}
        as bigint) as {{ ml_monitor.text_type() }}) || c.conversion_name
    {%- endset -%}
    {%- set condition -%}
        {{ (current_quantiles + reference_quantiles) | join(' + ') }} is not null
        and {{ smallest }} > 0
        and {{ unchanged }} >= 0.25 * {{ ml_monitor.greatest_of([range, smallest]) }}
        and {{ ml_monitor.greatest_of(differences, indent=8) }} < case when c.is_near then {{ near_share }} else 0.2 end * {{ unchanged }}
        and {{ in_units }} < case when c.is_near then 0.25 else {{ tolerance }} end
        and (not c.is_near or {{ near }})
    {%- endset -%}
substr({{ ml_monitor.least_text(rows, name, condition) }}, 8)
{%- endmacro %}

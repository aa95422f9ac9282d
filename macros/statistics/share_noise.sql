{#-
  The change of a share that is still noise, as SQL, in shares and not negative: what leads from the baseline to five standard deviations
  of the angle away from its mean, on the side of the change; the larger of the sd between days and that of sampling. NULL without a change.
  A change of no more than rounding (1e-12) counts as a rise: the mean of equal shares is off by a last bit, on a side that follows from
  the order in which an engine adds.

  Arguments (SQL): change (share less that of the baseline), baseline_share (mean of its days), mean_angle, angle_sd (of its days), n
    (rows).
  Source: docs/decisions/0014-shares-by-angle.md
-#}
{% macro share_noise(change, baseline_share, mean_angle, angle_sd, n) %}
    {%- set reach = '5 * ' ~ ml_monitor.greatest_of([angle_sd, '0.5 / sqrt(' ~ n ~ ')']) -%}
    {%- set right_angle = ml_monitor.float64('1.5707963267948966') -%}
    {%- set highest = ml_monitor.least_of([right_angle, mean_angle ~ ' + ' ~ reach]) -%}
    {%- set lowest = ml_monitor.greatest_of([0, mean_angle ~ ' - ' ~ reach]) -%}
    {%- do return(
        'case\n            when ' ~ change ~ ' > -1e-12 then power(sin(' ~ highest ~ '), 2) - ' ~ baseline_share
        ~ '\n            when ' ~ change ~ ' is not null then ' ~ baseline_share ~ ' - power(sin(' ~ lowest ~ '), 2)\n        end'
    ) -%}
{% endmacro %}

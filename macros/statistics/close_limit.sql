{#-
  The limit that a value must be within again before a finding is over: the distance of the limit from what is healthy, times the
  setting incident_close_share. Healthy is 1 for ratios and for shares with a lower limit, and 0 otherwise. NULL without a limit,
  and for an upper limit of 0 or less.

  Arguments: x (SQL: the limit), metric (SQL: its name), side (string: above or below).
  Returns: SQL, a 64-bit float.
-#}
{% macro close_limit(x, metric, side) %}
    {%- set share = ml_monitor.setting('incident_close_share') -%}
    {%- set near_one = '1 + ' ~ share ~ ' * (' ~ x ~ ' - 1)' -%}
    {%- set is_ratio = metric ~ " like '%ratio'" -%}
    {%- if side == 'above' -%}
        {%- do return('case when ' ~ is_ratio ~ ' and ' ~ x ~ ' > 1 then ' ~ near_one ~ ' when ' ~ x ~ ' > 0 then ' ~ share ~ ' * ' ~ x
            ~ ' end') -%}
    {%- endif -%}
    {%- do return('case when ' ~ x ~ ' > 0 and ' ~ x ~ ' < 1 then ' ~ near_one ~ ' when ' ~ x ~ ' >= 1 then ' ~ x ~ ' / ' ~ share
        ~ ' when ' ~ x ~ ' < 0 then ' ~ share ~ ' * ' ~ x ~ ' end') -%}
{% endmacro %}

{#-
  The select of one finding of a generic test that has no limit.
  Arguments: status, metric (strings), message (SQL), value (SQL, default NULL).
-#}
{% macro finding(status, metric, message, value='null') -%}
select
        '{{ status }}' as status,
        '{{ metric }}' as metric,
        {{ ml_monitor.float64(value) }} as value,
        {{ ml_monitor.float64('null') }} as threshold,
        {{ message }} as message
{%- endmacro %}

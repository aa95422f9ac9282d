{#-
  How to write a CTE that is read several times but must not be kept in memory: `name {{ '{{ ml_monitor.as_inlined() }}' }} (select ...)`.
-#}
{% macro as_inlined() %}{% do return(adapter.dispatch('as_inlined', 'ml_monitor')()) %}{% endmacro %}

{% macro default__as_inlined() %}{% do return('as not materialized') %}{% endmacro %}

{% macro spark__as_inlined() %}{% do return('as') %}{% endmacro %}

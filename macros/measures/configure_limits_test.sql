{#- Configuration of a generic test whose rows carry a status: it fails if a row says fail, and warns if there are others. -#}
{% macro configure_limits_test() %}
    {{- config(
        fail_calc="coalesce(sum(case when status = 'fail' then 1 else 0 end), 0)",
        error_if='> 0',
        warn_if='>= 0 and count(*) > 0',
    ) -}}
{% endmacro %}

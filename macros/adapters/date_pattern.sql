{#- A pattern of the days that exist, in the years 0001 to 9999: what Postgres casts without an error. Returns: string. -#}
{% macro date_pattern() %}
    {%- set leap_year = '([0-9]{2}(0[48]|[2468][048]|[13579][26])|([02468][48]|[13579][26]|[2468]0)00)' -%}
    {%- set day = '((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|1[0-9]|2[0-8]))' -%}
    {%- do return('(' ~ ml_monitor.year_pattern() ~ '-' ~ day ~ '|' ~ leap_year ~ '-02-29)') -%}
{% endmacro %}

{#- The same numbers as an array of 64-bit floats. -#}
{% macro float64_vector(x) %}
    {%- do return(adapter.dispatch('float64_vector', 'ml_monitor')(x)) -%}
{% endmacro %}

{% macro default__float64_vector(x) %}{% do return('cast(' ~ x ~ ' as ' ~ ml_monitor.float_type() ~ '[])') %}{% endmacro %}

{% macro spark__float64_vector(x) %}{% do return('cast(' ~ x ~ ' as array<double>)') %}{% endmacro %}

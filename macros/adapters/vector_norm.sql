{#-
  The Euclidean norm as a 64-bit float: NULL of NULL, of an empty vector and of one with a NULL in it; NaN if an element is NaN; above
  1e100 if one is infinite, or so large that its square would be.
  Arguments: x (SQL, an array of 64-bit floats). Returns: SQL.
-#}
{% macro vector_norm(x) %}
    {%- do return(adapter.dispatch('vector_norm', 'ml_monitor')(x)) -%}
{% endmacro %}

{% macro default__vector_norm(x) %}{% do ml_monitor.not_ported('vector_norm', 'x') %}{% endmacro %}

{#- PostgreSQL raises where a square overflows or underflows. -#}
{% macro postgres__vector_norm(x) %}
    {%- set size = ml_monitor.least_of([ml_monitor.float64('1e150'), 'abs(ml_element)']) -%}
    {%- set square = 'case when ml_element = ' ~ ml_monitor.float64("'NaN'")
        ~ ' then ml_element when abs(ml_element) < 1e-150 then 0 else ' ~ size ~ ' * ' ~ size ~ ' end' -%}
    {%- do return('(select case when count(*) = count(ml_element) then sqrt(sum(' ~ square ~ ')) end from unnest('
        ~ ml_monitor.float64_vector(x) ~ ') as ml_elements (ml_element))') -%}
{% endmacro %}

{#- list_inner_product is faster, and raises on a NULL that another row of the same batch has. -#}
{% macro duckdb__vector_norm(x) %}
    {%- do return('case when len(' ~ x ~ ') > 0 and list_count(' ~ x ~ ') = len(' ~ x ~ ') then sqrt(list_sum(list_transform('
        ~ ml_monitor.float64_vector(x)
        ~ ', lambda ml_element: ml_element * ml_element))) end') -%}
{% endmacro %}

{% macro spark__vector_norm(x) %}
    {%- do return('case when size(' ~ x ~ ') > 0 and not exists(' ~ x ~ ', e -> e is null) then sqrt(aggregate('
        ~ ml_monitor.float64_vector(x)
        ~ ', cast(0 as double), (total, e) -> total + e * e)) end') -%}
{% endmacro %}

{#- Redshift descends from PostgreSQL in dbt, but not in this. -#}
{% macro redshift__vector_norm(x) %}{% do return(ml_monitor.default__vector_norm(x)) %}{% endmacro %}

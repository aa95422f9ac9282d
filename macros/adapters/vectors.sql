{#-
  Vectors: columns that are arrays of numbers, such as embeddings. Arguments named x are SQL of such a column.
-#}


{#- The number of elements; NULL of NULL. -#}
{% macro vector_length(x) %}
    {%- do return(adapter.dispatch('vector_length', 'ml_monitor')(x)) -%}
{% endmacro %}

{% macro default__vector_length(x) %}{% do return('cardinality(' ~ x ~ ')') %}{% endmacro %}

{% macro duckdb__vector_length(x) %}{% do return('len(' ~ x ~ ')') %}{% endmacro %}

{% macro spark__vector_length(x) %}{% do return('case when ' ~ x ~ ' is not null then size(' ~ x ~ ') end') %}{% endmacro %}


{#- The same numbers as an array of 64-bit floats. -#}
{% macro float64_vector(x) %}
    {%- do return(adapter.dispatch('float64_vector', 'ml_monitor')(x)) -%}
{% endmacro %}

{% macro default__float64_vector(x) %}{% do return('cast(' ~ x ~ ' as ' ~ ml_monitor.float_type() ~ '[])') %}{% endmacro %}

{% macro spark__float64_vector(x) %}{% do return('cast(' ~ x ~ ' as array<double>)') %}{% endmacro %}


{#-
  The Euclidean norm as a 64-bit float: NULL of NULL, of an empty vector and of one with a NULL in it; NaN if an element is NaN; above 1e100 if
  one is infinite, or so large that its square would be.
-#}
{% macro vector_norm(x) %}
    {%- do return(adapter.dispatch('vector_norm', 'ml_monitor')(x)) -%}
{% endmacro %}

{#- PostgreSQL raises where a square overflows or underflows. -#}
{% macro default__vector_norm(x) %}
    {%- set size = 'least(' ~ ml_monitor.float64('1e150') ~ ', abs(ml_element))' -%}
    {%- set square = 'case when ml_element = ' ~ ml_monitor.float64("'NaN'") ~ ' then ml_element when abs(ml_element) < 1e-150 then 0 else ' ~ size ~ ' * ' ~ size ~ ' end' -%}
    {%- do return('(select case when count(*) = count(ml_element) then sqrt(sum(' ~ square ~ ')) end from unnest(' ~ ml_monitor.float64_vector(x) ~ ') as ml_elements (ml_element))') -%}
{% endmacro %}

{#- list_inner_product is faster, and raises on a NULL that another row of the same batch has. -#}
{% macro duckdb__vector_norm(x) %}
    {%- do return('case when len(' ~ x ~ ') > 0 and list_count(' ~ x ~ ') = len(' ~ x ~ ') then sqrt(list_sum(list_transform(' ~ ml_monitor.float64_vector(x)
        ~ ', lambda ml_element: ml_element * ml_element))) end') -%}
{% endmacro %}

{% macro spark__vector_norm(x) %}
    {%- do return('case when size(' ~ x ~ ') > 0 and not exists(' ~ x ~ ', e -> e is null) then sqrt(aggregate(' ~ ml_monitor.float64_vector(x)
        ~ ', cast(0 as double), (total, e) -> total + e * e)) end') -%}
{% endmacro %}


{#-
  The elements of vectors as rows. Arguments: relation, vector (SQL name: an array of 64-bit floats), keys (list of SQL names), where (SQL condition).
  Returns: a select of the keys, dimension (from 1) and value.
-#}
{% macro vector_elements(relation, vector, keys, where) %}
    {{- adapter.dispatch('vector_elements', 'ml_monitor')(relation, vector, keys, where) -}}
{% endmacro %}

{% macro default__vector_elements(relation, vector, keys, where) -%}
select {{ keys | join(', ') }}, elements.dimension, elements.value
from {{ relation }}
cross join lateral unnest({{ vector }}) with ordinality as elements (value, dimension)
where {{ where }}
{%- endmacro %}

{% macro duckdb__vector_elements(relation, vector, keys, where) -%}
select {{ keys | join(', ') }}, generate_subscripts({{ vector }}, 1) as dimension, unnest({{ vector }}) as value
from {{ relation }}
where {{ where }}
{%- endmacro %}

{% macro spark__vector_elements(relation, vector, keys, where) -%}
select {{ keys | join(', ') }}, elements.place + 1 as dimension, elements.value
from {{ relation }}
lateral view posexplode({{ vector }}) elements as place, value
where {{ where }}
{%- endmacro %}

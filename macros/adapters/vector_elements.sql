{#-
  The elements of vectors as rows. Arguments: relation, vector (SQL name: an array of 64-bit floats), keys (list of SQL names), where
    (SQL condition).
  Returns: a select of the keys, dimension (from 1) and value.
-#}
{% macro vector_elements(relation, vector, keys, where) %}
    {{- adapter.dispatch('vector_elements', 'ml_monitor')(relation, vector, keys, where) -}}
{% endmacro %}

{% macro default__vector_elements(relation, vector, keys, where) %}{% do ml_monitor.not_ported('vector_elements',
    'relation, vector, keys, where') %}{% endmacro %}

{% macro postgres__vector_elements(relation, vector, keys, where) -%}
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

{#- Redshift descends from PostgreSQL in dbt, but not in this. -#}
{% macro redshift__vector_elements(relation, vector, keys, where) %}{% do return(ml_monitor.default__vector_elements(relation, vector,
    keys, where)) %}{% endmacro %}

{#-
  The element of a JSON array that stands where another array has a name, as text: of a row of values, the value of a column. NULL where
  there is none, or JSON null.

  Arguments: x (SQL, JSON text of an array: the values), names (SQL, JSON text of an array of texts), name (string). Returns: SQL, text.
-#}
{% macro json_text_by_name(x, names, name) %}
    {%- do return(adapter.dispatch('json_text_by_name', 'ml_monitor')(x, names, name)) -%}
{% endmacro %}

{% macro default__json_text_by_name(x, names, name) %}{% do ml_monitor.not_ported('json_text_by_name', 'x, names, name') %}{% endmacro %}

{% macro duckdb__json_text_by_name(x, names, name) %}
    {%- do return("try(json_extract_string(" ~ x ~ ", '$[' || (nullif(list_position(json_extract_string(" ~ names ~ ", '$[*]'), "
        ~ ml_monitor.string_literal(name) ~ "), 0) - 1) || ']'))") -%}
{% endmacro %}

{% macro postgres__json_text_by_name(x, names, name) %}
    {%- do return('cast(' ~ x ~ ' as jsonb) ->> (select min(cast(listed.place as int)) - 1 from jsonb_array_elements_text(cast(' ~ names
        ~ ' as jsonb)) with ordinality as listed (name, place) where listed.name = ' ~ ml_monitor.string_literal(name) ~ ')') -%}
{% endmacro %}

{% macro spark__json_text_by_name(x, names, name) %}
    {%- do return('get(from_json(' ~ x ~ ", 'array<string>'), cast(nullif(array_position(from_json(" ~ names ~ ", 'array<string>'), "
        ~ ml_monitor.string_literal(name) ~ '), 0) - 1 as int))') -%}
{% endmacro %}

{#- Redshift descends from PostgreSQL in dbt, but not in this. -#}
{% macro redshift__json_text_by_name(x, names, name) %}{% do return(ml_monitor.default__json_text_by_name(x, names, name)) %}{% endmacro %}

{#-
  The elements of JSON arrays as rows, the arrays side by side: a row has the elements of all arrays at one position, NULL where an array
  is shorter. A row of the relation without any element is one row all the same.

  Arguments: relation (relation, CTE), keys (list of SQL names: columns that are kept), arrays (dict of name -> SQL of the relation, JSON
    text; what is not an array is as NULL).
  Returns: a select of the keys, batch_position (bigint, from 0), and for each array <name> (the element as JSON text: strings have their
    quotes) and <name>_length (bigint; NULL if it is not an array).
-#}
{% macro json_elements(relation, keys, arrays) %}
    {{- adapter.dispatch('json_elements', 'ml_monitor')(relation, keys, arrays) -}}
{% endmacro %}

{% macro default__json_elements(relation, keys, arrays) %}{% do ml_monitor.not_ported('json_elements',
    'relation, keys, arrays') %}{% endmacro %}

{% macro duckdb__json_elements(relation, keys, arrays) -%}
{%- set ns = namespace(lengths=['1']) -%}
{%- for name in arrays -%}{%- set ns.lengths = ns.lengths + ['len(' ~ name ~ ')'] -%}{%- endfor -%}
select
    {%- for key in keys %}
    {{ key }},
    {%- endfor %}
    unnest(range({{ ml_monitor.greatest_of(ns.lengths) }})) as batch_position,
    {%- for name in arrays %}
    unnest({{ name }}) as {{ name }},
    len({{ name }}) as {{ name }}_length{{ ',' if not loop.last }}
    {%- endfor %}
from (
    select
        {%- for key in keys %}
        {{ key }},
        {%- endfor %}
        {%- for name, array in arrays.items() %}
        try(case when json_type({{ array }}) = 'ARRAY' then cast(json_extract({{ array }}, '$[*]') as varchar[]) end) as {{ name }}
            {{- ',' if not loop.last }}
        {%- endfor %}
    from {{ relation }}
) as read_arrays
{%- endmacro %}

{% macro postgres__json_elements(relation, keys, arrays) -%}
select
    {%- for key in keys %}
    read_arrays.{{ key }},
    {%- endfor %}
    coalesce(elements.place - 1, 0) as batch_position,
    {%- for name in arrays %}
    cast(elements.{{ name }} as text) as {{ name }},
    cast(jsonb_array_length(read_arrays.{{ name }}) as bigint) as {{ name }}_length{{ ',' if not loop.last }}
    {%- endfor %}
from (
    select
        {%- for key in keys %}
        {{ key }},
        {%- endfor %}
        {%- for name, array in arrays.items() %}
        case when cast({{ array }} as text) ~ '^\s*\[.*\]\s*$' then cast({{ array }} as jsonb) end as {{ name }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ relation }}
) as read_arrays
left join lateral rows from (
    {%- for name in arrays %}
    jsonb_array_elements(read_arrays.{{ name }}){{ ',' if not loop.last }}
    {%- endfor %}
) with ordinality as elements ({{ arrays.keys() | join(', ') }}, place) on true
{%- endmacro %}

{#- A wildcard over an array of the one array has get_json_object keep the quotes of a string. -#}
{% macro spark__json_elements(relation, keys, arrays) -%}
{%- set ns = namespace(lengths=['1']) -%}
{%- for name in arrays -%}{%- set ns.lengths = ns.lengths + [name ~ '_length'] -%}{%- endfor -%}
select
    {%- for key in keys %}
    read_arrays.{{ key }},
    {%- endfor %}
    cast(elements.place as bigint) as batch_position,
    {%- for name in arrays %}
    case when elements.place < read_arrays.{{ name }}_length then
        get_json_object('[' || read_arrays.{{ name }} || ']', '$[*][' || elements.place || ']') end as {{ name }},
    read_arrays.{{ name }}_length{{ ',' if not loop.last }}
    {%- endfor %}
from (
    select
        {%- for key in keys %}
        {{ key }},
        {%- endfor %}
        {%- for name, array in arrays.items() %}
        {{ array }} as {{ name }},
        cast({{ ml_monitor.vector_length('from_json(' ~ array ~ ", 'array<string>')") }} as bigint) as {{ name }}_length
            {{- ',' if not loop.last }}
        {%- endfor %}
    from {{ relation }}
) as read_arrays
lateral view explode(sequence(0, {{ ml_monitor.greatest_of(ns.lengths) }} - 1)) elements as place
{%- endmacro %}

{#- Redshift descends from PostgreSQL in dbt, but not in this. -#}
{% macro redshift__json_elements(relation, keys, arrays) %}{% do return(ml_monitor.default__json_elements(relation, keys,
    arrays)) %}{% endmacro %}

{#-
  Distances between two distributions of numbers from counts in rising order, as the CTE <name>: the one place of their formulas.

  Arguments:
    counts (CTE name): keys, the columns of order_by and value, reference_count, current_count (0 or more); one row per key and place
    keys (list of column names), order_by (SQL: places in rising order), value (SQL over a row: the number that stands for its place)
    name (string)
  CTE: <name> with the keys, reference_rows, current_rows and, NULL if either side has no row,
    ks           Kolmogorov-Smirnov distance: the largest |F - G|
    ks_p_value   chance of one at least so large under no drift, by Kolmogorov's limit at n m / (n + m)
    wasserstein  integral of |F - G|, in the unit of value
  Exact if every number has a place of its own. From slots and cells, ks is within the rows of one cell and value is its mean.
  Source: STATISTICS, "Distances"; Smirnov, Annals of Mathematical Statistics 19 (1948).
-#}
{% macro cumulative_distances(counts, keys, order_by, value, name) -%}
{%- set by_key = keys | join(', ') -%}
{%- set up_to = 'over (partition by ' ~ by_key ~ ' order by ' ~ order_by ~ ' rows between unbounded preceding and current row)' -%}
{%- set distance = 'abs(current_up_to / nullif(current_rows, 0) - reference_up_to / nullif(reference_rows, 0))' -%}
{{ name }}_places as (

    select
        {{ by_key }},
        {{ value }} as place_value,
        lead({{ value }}) over (partition by {{ by_key }} order by {{ order_by }}) as next_value,
        {%- for side in ['reference', 'current'] %}
        {{ ml_monitor.float64('sum(' ~ side ~ '_count) ' ~ up_to) }} as {{ side }}_up_to,
        {{ ml_monitor.float64('sum(' ~ side ~ '_count) over (partition by ' ~ by_key ~ ')') }} as {{ side }}_rows{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ counts }}
    where reference_count > 0 or current_count > 0

),

{{ name }}_sums as (

    select
        {{ by_key }},
        max(reference_rows) as reference_rows,
        max(current_rows) as current_rows,
        max({{ distance }}) as ks,
        coalesce(sum({{ distance }} * (next_value - place_value)), 0) as wasserstein
    from {{ name }}_places
    group by {{ by_key }}

),

{{ name }} as (

    select
        {{ by_key }},
        cast(reference_rows as bigint) as reference_rows,
        cast(current_rows as bigint) as current_rows,
        ks,
        {{ ml_monitor.kolmogorov_tail('(ks * sqrt(reference_rows * current_rows / (reference_rows + current_rows)))') }} as ks_p_value,
        case when ks is not null then wasserstein end as wasserstein
    from {{ name }}_sums

),
{%- endmacro %}


{#-
  The chance that Kolmogorov's limit is at least x: its alternating series, or for small x, where that converges slowly, the one
  that Jacobi's identity makes of it. Exact to 1e-15. Arguments: x (SQL, a float, 0 or more). Returns: SQL, a float;
  NULL of NULL, which `greatest` would leave out.
-#}
{% macro kolmogorov_tail(x) -%}
    {%- set ns = namespace(large=[], small=[]) -%}
    {%- for j in range(1, 5) -%}
        {%- set large = '-' ~ 2 * j * j ~ ' * ' ~ x ~ ' * ' ~ x -%}
        {%- set small = '-' ~ (2 * j - 1) * (2 * j - 1) ~ ' * 1.2337005501361697 / (' ~ x ~ ' * ' ~ x ~ ')' -%}
        {%- set ns.large = ns.large + [('+ ' if j % 2 else '- ') ~ 'exp(' ~ ml_monitor.greatest_of([-700, large]) ~ ')'] -%}
        {%- set ns.small = ns.small + ['exp(' ~ ml_monitor.greatest_of([-700, small]) ~ ')'] -%}
    {%- endfor -%}
    case
        when {{ x }} is null then null
        when {{ x }} < 0.04 then 1
        when {{ x }} < 1.18 then 1 - 2.5066282746310002 / {{ x }} * ({{ ns.small | join(' + ') }})
        else 2 * ({{ (ns.large | join(' '))[2:] }})
    end
{%- endmacro %}

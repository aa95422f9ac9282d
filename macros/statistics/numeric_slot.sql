{#-
  Position of a number among frozen reference edges, three-way for each edge: twice the edges below it plus the edges it
  equals, so spikes (zero, a default, a round price) have slots of their own, and below-minimum and above-maximum are
  exact. With e edges: 0 is below all, 2e is above all.

  NULL, NaN, -Inf and +Inf are slots -1, -2, -3, -4; magnitudes above 1e100 count as infinite (their squares overflow).

  Arguments: x (SQL, 64-bit float), grid (alias of a one-row relation with edge_00 ... edge_19), edges (int).
  Returns: an integer SQL expression. Source: STATISTICS, "Counting".
-#}
{% macro numeric_slot(x, grid, edges) %}
    case
        when {{ x }} between -1e100 and 1e100 then {{ ml_monitor.edge_search(x, grid, 0, edges - 1) }}
        when {{ x }} is null then -1
        when {{ x }} = {{ ml_monitor.float64("'NaN'") }} then -2
        when {{ x }} < 0 then -3
        else -4
    end
{%- endmacro %}


{#- Binary search of x among edges low..high (both inside); all edges before `low` are below x. -#}
{% macro edge_search(x, grid, low, high) %}
    {%- if low > high -%}
        {{ 2 * low }}
    {%- else -%}
        {%- set middle = (low + high) // 2 -%}
        {%- set edge = grid ~ '.edge_' ~ '%02d' % middle -%}
        case when {{ x }} < {{ edge }} then {{ ml_monitor.edge_search(x, grid, low, middle - 1) }} when {{ x }} > {{ edge }}
            then {{ ml_monitor.edge_search(x, grid, middle + 1, high) }} else {{ 2 * middle + 1 }} end
    {%- endif -%}
{% endmacro %}

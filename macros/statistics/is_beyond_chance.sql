{#-
  Whether a count in the window is larger than chance explains, given that of the reference. Under no change a share of n / (n + m) of the
  t = x + r rows is in the window, so x is binomial, and Chernoff's bound of the chance of x or more is exp(-t KL), with KL the divergence
  of x / t from that share. It is exact for r = 0, and above the exact chance otherwise. Holds if it is below exp(-15), 3 in 10 million,
  which is the chance of five standard deviations; no count needs a minimum for it.

  Arguments (SQL, 64-bit floats): x, r (rows in the window and in the reference), n, m (all rows of them, above 0).
  Returns: SQL, a condition, never NULL.
  Source: Chernoff (1952); Arratia and Gordon (1989), Tutorial on large deviations for the binomial distribution.
-#}
{% macro is_beyond_chance(x, r, n, m) %}
    {%- set all = '(' ~ x ~ ' + ' ~ r ~ ')' -%}
    {%- set of_window = x ~ ' * ln(' ~ x ~ ' / ' ~ all ~ ' * (' ~ n ~ ' + ' ~ m ~ ') / ' ~ n ~ ')' -%}
    {%- set of_reference = r ~ ' * ln(' ~ r ~ ' / ' ~ all ~ ' * (' ~ n ~ ' + ' ~ m ~ ') / ' ~ m ~ ')' -%}
    {%- do return('(case when ' ~ x ~ ' * ' ~ m ~ ' <= ' ~ r ~ ' * ' ~ n ~ ' then 0 when ' ~ r ~ ' <= 0 then ' ~ of_window
        ~ ' else ' ~ of_window ~ ' + ' ~ of_reference ~ ' end > 15)') -%}
{% endmacro %}

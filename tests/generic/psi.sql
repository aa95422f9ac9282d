{#-
  Fails when a column's distribution moved away from a reference, by PSI and beyond sampling noise.

  Arguments: reference (relation), reference_column (string, default the column), kind (`numeric` or `categorical`),
    warn, fail (PSI less its expectation under no drift; defaults 0.05 and 0.2), min_rows (default 500: fewer only warn),
    group_by (list of columns of both, optional): a group is compared with the same group of the reference.
  Rows: status, metric, value, threshold, message.
-#}
{% test psi(
    model, column_name, reference, reference_column=none, kind='numeric', warn=0.05, fail=0.2, min_rows=500, group_by=none
) %}
{%- set group_by = ml_monitor.groups_apart(group_by) -%}
{%- set distances = ml_monitor.psi(model, reference, column_name, reference_column, kind, group_by) -%}
{#- Without groups there is one row, also if a side is empty. -#}
{%- set one_row = 'select distances.* from (select 1 as one) as always left join distances on 1 = 1' -%}
{{ ml_monitor.limits_test(
    'psi', ml_monitor.test_subject(model, column_name),
    {'measured': distances} if group_by else {'distances': distances, 'measured': one_row},
    limits=[['psi', 'above', 'n {coalesce(current_rows, 0)} / {coalesce(reference_rows, 0)}']],
    warn=warn, fail=fail, min_rows=min_rows, group_by=group_by, rows='coalesce(current_rows, 0)', values={'psi': 'psi_excess'},
    evidence='psi_excess > coalesce(psi_noise, 0)', is_plain=true
) }}
{% endtest %}

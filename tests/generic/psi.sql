{#-
  Fails when a column's distribution moved away from a reference, by PSI and beyond sampling noise.

  Arguments: reference (relation), reference_column (string, default the column), kind (`numeric` or `categorical`),
    warn, fail (PSI less its expectation under no drift; defaults 0.05 and 0.2), min_rows (default 500: fewer only warn),
    group_by (list of columns of both, optional): a group is compared with the same group of the reference.
  Rows: status, metric, value, threshold, message.
-#}
{% test psi(model, column_name, reference, reference_column=none, kind='numeric', warn=0.05, fail=0.2, min_rows=500, group_by=none) %}
{{- ml_monitor.configure_limits_test() -}}
with

measured as (

    {{ ml_monitor.psi(model, reference, column_name, reference_column, kind, group_by) | indent(4) }}

),

{% set groups = ml_monitor.group_columns(group_by) -%}
-- Without groups one row also when there was nothing to measure.
measured_once as (

    select
        {%- for group in groups %}
        measured.{{ group }},
        {%- endfor %}
        measured.psi_excess as psi,
        coalesce(measured.psi_noise, 0) as psi_noise,
        coalesce(measured.current_rows, 0) as current_rows,
        coalesce(measured.reference_rows, 0) as reference_rows
    {%- if groups %}
    from measured
    {%- else %}
    from (select 1 as one) as always
    left join measured on 1 = 1
    {%- endif %}

),

final as (
    {{ ml_monitor.judge_limits(
        values='measured_once', test='psi', about=ml_monitor.test_subject(model, column_name), limits=[['psi', 'above']],
        warn={'psi': warn} if warn is not none else {}, fail={'psi': fail} if fail is not none else {}, rows='current_rows', min_rows=min_rows, group_by=group_by, is_plain=true, evidence='psi > psi_noise',
        detail="' (n ' || cast(current_rows as " ~ ml_monitor.text_type() ~ ") || ' / ' || cast(reference_rows as " ~ ml_monitor.text_type() ~ ") || ')'"
    ) }}

)

select * from final
{% endtest %}

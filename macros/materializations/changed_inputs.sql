{#-
  For a table that is written as a whole: the CTE `changed_inputs`, of one row with `input_state`, what the table is made of as one text;
  without rows if the stored rows, which keep the text in a column input_state, were made of the same.

  Arguments: inputs (list of [relation or CTE, list of columns]: what the table is made of), code (string: what else decides, as SQL that
  changes with it), built (relation or `(select ...)`: the stored rows).
-#}
{% macro changed_inputs(inputs, code='', built=none) -%}
changed_inputs as (

    select inputs.input_state
    from (
        select
            {%- for relation, columns in inputs %}
            (select {{ ml_monitor.content_fingerprint(columns) }} from {{ ml_monitor.aliased(relation, 'input_' ~ loop.index) }}) || ', ' ||
            {%- endfor %} '{{ local_md5(code) }}' as input_state
    ) as inputs
    {%- if ml_monitor.is_incremental() %}
    where not exists (select 1 from {{ ml_monitor.aliased(built or this, 'stored') }} where stored.input_state = inputs.input_state)
    {%- endif %}

),
{%- endmacro %}

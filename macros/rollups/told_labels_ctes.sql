{#-
  CTEs of data_quality: what the training set says of each feature, as `training_state` (one row) and `told_labels` (column_name,
  label_association, label_association_rows): of several versions that one whose label is told best.
  Arguments: monitor (string).
-#}
{% macro told_labels_ctes(monitor) -%}
{%- set label_leak = "(select * from " ~ ref(monitor ~ '__reference_profile') ~ " where rebuild_key = 'leak')" -%}
training_state as (

    select max(training_state) as training_state from {{ label_leak }} as leak where column_name = '__rows__'

),

told_labels as (

    select column_name, label_association, row_count as label_association_rows
    from (
        select
            column_name,
            label_association,
            row_count,
            row_number() over (partition by column_name order by coalesce(label_association, -1) desc, row_count desc, model_version)
                as place
        from {{ label_leak }} as leak
        where column_name <> '__rows__'
    ) as placed
    where place = 1

),
{%- endmacro %}

{#-
  The texts of a group in one, in an order; NULLs are left out, and of nothing but NULLs it is NULL.

  Arguments: x (SQL, text), delimiter (SQL, a literal), order_by (list of SQL).
  Returns: SQL of an aggregate.
-#}
{% macro joined_texts(x, delimiter, order_by) %}
    {%- do return(adapter.dispatch('joined_texts', 'ml_monitor')(x, delimiter, order_by)) -%}
{% endmacro %}

{#- dbt's own, which every adapter knows. -#}
{% macro default__joined_texts(x, delimiter, order_by) %}
    {%- do return(dbt.listagg(x, delimiter, 'order by ' ~ order_by | join(', '))) -%}
{% endmacro %}

{#- dbt-spark's takes no order. -#}
{% macro spark__joined_texts(x, delimiter, order_by) %}
    {%- do return('case when count(' ~ x ~ ') > 0 then array_join(transform(array_sort(collect_list(case when ' ~ x
        ~ ' is not null then struct(' ~ order_by | join(', ') ~ ', ' ~ x ~ ' as ml_text) end)), one -> one.ml_text), ' ~ delimiter
        ~ ') end') -%}
{% endmacro %}

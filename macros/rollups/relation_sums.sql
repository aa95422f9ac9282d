{#- What a row of the rollup adds up, in the order of its columns. -#}
{% macro relation_sums() %}
    {%- do return(
        ['row_count', 'z_sum_a', 'z_sum_b', 'z_squared_sum_a', 'z_squared_sum_b', 'z_product_sum'] + ml_monitor.joint_counts()
        + ['output_low_z_sum', 'output_middle_z_sum', 'output_high_z_sum']
    ) -%}
{% endmacro %}

{#- The counts of the joint table: by the third of column_a, then of column_b. -#}
{% macro joint_counts() %}
    {%- set ns = namespace(names=[]) -%}
    {%- for a in ml_monitor.thirds() -%}{%- for b in ml_monitor.thirds() -%}{%- set ns.names = ns.names + [a ~ '_' ~ b ~ '_count'] -%}
        {%- endfor -%}{%- endfor -%}
    {%- do return(ns.names) -%}
{% endmacro %}

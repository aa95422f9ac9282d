{#-
  What a bin holds, in words and with the declared unit of its column. Arguments: spec, column_name (SQL), label (SQL, of bin_labels),
  bin (SQL, of <prefix>_bins). Returns: SQL.
-#}
{% macro bin_text(spec, column_name, label, bin) %}
    {%- set ns = namespace(unit='') -%}
    {%- for column in spec.inferences if column.unit -%}
        {%- set name, unit = ml_monitor.string_literal(column.name), ml_monitor.string_literal(' ' ~ column.unit) -%}
        {%- set ns.unit = ns.unit ~ ' when ' ~ column_name ~ ' = ' ~ name ~ ' then ' ~ unit -%}
    {%- endfor -%}
    {%- set unit = ' || case when ' ~ bin ~ " = -99 then ''" ~ ns.unit ~ " else '' end" if ns.unit else '' -%}
    {%- do return(label ~ unit) -%}
{% endmacro %}

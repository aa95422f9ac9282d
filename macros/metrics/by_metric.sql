{#-
  A key of the catalog for the metric of a row: the text itself if all metrics have the same, else a case on the column `metric` whose
  `else` is the most frequent text.
  Arguments: metrics (list: entries of metric_catalog), key (string). Returns: SQL.
-#}
{% macro by_metric(metrics, key) -%}
    {%- set named, most = {}, namespace(sql=none, count=1) -%}
    {%- for metric in metrics -%}{%- do named.setdefault(metric[key], []).append(metric.metric) -%}{%- endfor -%}
    {%- if named | length == 1 -%}{%- do return(metrics[0][key]) -%}{%- endif -%}
    {%- for sql, names in named.items() if names | length > most.count -%}
        {%- set most.sql, most.count = sql, names | length -%}
    {%- endfor -%}
    {%- set ns = namespace(whens=[]) -%}
    {%- for sql, names in named.items() if sql != most.sql -%}
        {%- set is_metric = " = '" ~ names[0] ~ "'" if names | length == 1 else " in ('" ~ names | join("', '") ~ "')" -%}
        {%- set ns.whens = ns.whens + ['when metric' ~ is_metric ~ ' then ' ~ sql] -%}
    {%- endfor -%}
case
    {{ ml_monitor.packed(ns.whens + (['else ' ~ most.sql] if most.sql else []), ' ') | indent(4) }}
end
{%- endmacro %}

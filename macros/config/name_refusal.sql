{#-
  Why ml_monitor cannot take the name of a column. suggest_contract asks the same.
  Arguments: name (string), role (string). Returns: string, or none.
-#}
{% macro name_refusal(name, role) %}
    {%- do return(
        'a quote character in the name' if '"' in name or '`' in name
        else 'a name that ml_monitor keeps for itself' if name.lower().startswith('ml_') or name.lower() in ml_monitor.reserved_names(role)
        else none
    ) -%}
{% endmacro %}


{#- The names that stand beside a column with a role in the rollups. Arguments: role (string). Returns: list of strings. -#}
{% macro reserved_names(role) %}
    {%- set is_measured = role in ['feature', 'score', 'prediction', 'latency_ms', 'embedding', 'attribution'] -%}
    {%- do return(['window_start', 'segment_name', 'segment_value'] + (['model_version', 'baseline'] if is_measured else [])) -%}
{% endmacro %}

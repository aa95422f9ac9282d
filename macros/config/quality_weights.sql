{#-
  The declared weights of the parts of the quality score, which add up to 1. A part that is not named weighs 1 before that.

  Arguments: meta (dict, `config.meta.ml_monitor` of the inferences). Returns: dict of part -> number.
-#}
{% macro quality_weights(meta) %}
    {%- set declared = meta.get('quality_weights') or {} -%}
    {%- set weights = {} -%}
    {%- for part in ml_monitor.quality_components() -%}{%- do weights.update({part: declared.get(part, 1)}) -%}{%- endfor -%}
    {%- set total = weights.values() | sum -%}
    {%- for part in weights -%}{%- do weights.update({part: weights[part] / total}) -%}{%- endfor -%}
    {%- do return(weights) -%}
{% endmacro %}

{#-
  The pairs of columns whose relation a monitor with the part `relations` is watched by: as declared, else as default_relations
  chooses them. In a pair with an output the output comes second.

  Arguments: meta (dict, `config.meta.ml_monitor` of the inferences), inferences (list of columns of monitor_spec).
  Returns: list of dicts column_a, column_b (strings, the names), a, b (dicts name, sql, data_type, edges: how many reference edges),
    has_output (boolean: column_b is the score, or the prediction of a regression, which are compared within their version).
  What cannot be a pair is left out; relation_faults names it.
-#}
{% macro declared_relations(meta, inferences) %}
    {%- set candidates = ml_monitor.relation_columns(meta, inferences) -%}
    {%- set declared = meta.get('relations') -%}
    {%- set ns = namespace(pairs=[]) -%}
    {%- for names in (ml_monitor.default_relations(candidates) if declared is none else declared if declared is iterable else []) -%}
        {%- if ml_monitor.is_list(names) and names | length == 2 -%}
            {%- set found = [] -%}
            {%- for name in names -%}{%- do found.extend(candidates | selectattr('name', 'equalto', name)) -%}{%- endfor -%}
            {%- if found | length == 2 -%}
                {%- set turned = found | reverse | list if found[0].is_output and not found[1].is_output else found -%}
                {%- set ns.pairs = ns.pairs + [{
                    'column_a': turned[0].name, 'column_b': turned[1].name, 'has_output': turned[1].is_output,
                    'a': {'name': turned[0].name, 'sql': turned[0].sql, 'data_type': turned[0].data_type, 'edges': turned[0].edges},
                    'b': {'name': turned[1].name, 'sql': turned[1].sql, 'data_type': turned[1].data_type, 'edges': turned[1].edges},
                }] -%}
            {%- endif -%}
        {%- endif -%}
    {%- endfor -%}
    {%- do return(ns.pairs) -%}
{% endmacro %}


{#-
  The pairs where none are declared: of the four most important features (five without an output) each with each other, and each
  with the output: at most ten. Of equal importance the first declared come first.
  Arguments: columns (list of relation_columns). Returns: list of lists of two names.
-#}
{% macro default_relations(columns) %}
    {%- set scores = columns | selectattr('role', 'equalto', 'score') | list -%}
    {%- set outputs = (columns | selectattr('role', 'equalto', 'prediction') | list + scores)[:1] -%}
    {%- set features = (columns | rejectattr('is_output') | sort(attribute='importance', reverse=true) | list)[:4 if outputs else 5] -%}
    {%- set chosen = features + outputs -%}
    {%- set ns = namespace(pairs=[]) -%}
    {%- for first in chosen -%}
        {%- for second in chosen[loop.index:] -%}{%- set ns.pairs = ns.pairs + [[first.name, second.name]] -%}{%- endfor -%}
    {%- endfor -%}
    {%- do return(ns.pairs) -%}
{% endmacro %}

{#-
  The pairs of columns whose relation a monitor with the part `relations` is watched by: as declared, else as default_relations
  chooses them. In a pair with an output the output comes second.

  Arguments: meta (dict, `config.meta.ml_monitor` of the inferences), inferences (list of columns of monitor_spec).
  Returns: list of dicts column_a, column_b (strings, the names), a, b (dicts name, sql, edges: how many reference edges), has_output
    (boolean: column_b is the score, or the prediction of a regression, which are compared within their version).
  What cannot be a pair is left out; relation_faults names it.
-#}
{% macro declared_relations(meta, inferences) %}
    {%- set candidates = ml_monitor.relation_columns(meta, inferences) -%}
    {%- set declared = meta.get('relations') -%}
    {%- set ns = namespace(pairs=[]) -%}
    {%- for names in (ml_monitor.default_relations(candidates) if declared is none else declared if declared is iterable else []) -%}
        {%- if names is not string and names is not mapping and names is iterable and names | length == 2 -%}
            {%- set found = [] -%}
            {%- for name in names -%}{%- for column in candidates if column.name == name -%}{%- do found.append(column) -%}{%- endfor -%}{%- endfor -%}
            {%- if found | length == 2 -%}
                {%- set turned = found | reverse | list if found[0].is_output and not found[1].is_output else found -%}
                {%- set ns.pairs = ns.pairs + [{
                    'column_a': turned[0].name, 'column_b': turned[1].name, 'has_output': turned[1].is_output,
                    'a': {'name': turned[0].name, 'sql': turned[0].sql, 'edges': turned[0].edges},
                    'b': {'name': turned[1].name, 'sql': turned[1].sql, 'edges': turned[1].edges},
                }] -%}
            {%- endif -%}
        {%- endif -%}
    {%- endfor -%}
    {%- do return(ns.pairs) -%}
{% endmacro %}


{#-
  The columns that may be in a pair: numeric features, the score, and the prediction of a regression.
  Arguments: as declared_relations. Returns: list of dicts name, sql, edges, importance (number), is_output.
-#}
{% macro relation_columns(meta, inferences) %}
    {%- set ns = namespace(columns=[]) -%}
    {%- for column in inferences if column.kind == 'numeric' and column.role in ['feature', 'score'] + (['prediction'] if meta.get('task') == 'regression' else []) -%}
        {%- set is_output = column.role != 'feature' -%}
        {%- set ns.columns = ns.columns + [{
            'name': column.name, 'sql': column.sql, 'edges': 20 if is_output else 11, 'is_output': is_output,
            'importance': column.importance if column.importance is number else 0, 'role': column.role,
        }] -%}
    {%- endfor -%}
    {%- do return(ns.columns) -%}
{% endmacro %}


{#-
  The pairs where none are declared: of the four most important features (five without an output) each with each other, and each
  with the output: at most ten. Of equal importance the first declared come first.
  Arguments: columns (list of relation_columns). Returns: list of lists of two names.
-#}
{% macro default_relations(columns) %}
    {%- set outputs = (columns | selectattr('role', 'equalto', 'prediction') | list + columns | selectattr('role', 'equalto', 'score') | list)[:1] -%}
    {%- set features = (columns | rejectattr('is_output') | sort(attribute='importance', reverse=true) | list)[:4 if outputs else 5] -%}
    {%- set chosen = features + outputs -%}
    {%- set ns = namespace(pairs=[]) -%}
    {%- for first in chosen -%}
        {%- for second in chosen[loop.index:] -%}{%- set ns.pairs = ns.pairs + [[first.name, second.name]] -%}{%- endfor -%}
    {%- endfor -%}
    {%- do return(ns.pairs) -%}
{% endmacro %}


{#- The name of a pair in checks and policies. Arguments: column_a, column_b (SQL). Returns: SQL. -#}
{% macro relation_name(column_a, column_b) %}
    {%- do return(column_a ~ " || ' * ' || " ~ column_b) -%}
{% endmacro %}


{#- How many pairs a monitor may declare. -#}
{% macro most_relations() %}{% do return(20) %}{% endmacro %}


{#-
  Faults of `relations`, and of a part `relations` that has nothing to compare.

  Arguments: monitor (string), meta (dict), path (string: the key of meta), file, head (strings), node (graph node of the inferences).
  Returns: list of dicts as in declaration_faults.
-#}
{% macro relation_faults(monitor, meta, path, file, head, node) %}
    {%- set faults = [] -%}
    {%- set has_part = ml_monitor.has_part(monitor, 'relations') -%}
    {%- set declared = meta.get('relations') -%}
    {%- set columns = ml_monitor.staging_columns(monitor, 'inferences') -%}
    {%- set names = columns | map(attribute='name') | list -%}
    {%- set candidates = ml_monitor.relation_columns(meta, columns) | map(attribute='name') | list -%}
    {%- set example = (candidates + ['amount', 'score'])[:2] -%}
    {%- set fault = {'file': file, 'key': path ~ '.relations', 'snippet': head ~ 'relations: [[' ~ example | join(', ') ~ ']]'} -%}
    {%- set allowed_columns = 'numeric features, score or prediction of a regression: ' ~ candidates | join(', ') -%}
    {%- if has_part and candidates | length < 2 -%}
        {%- do faults.append({
            'file': file, 'key': node.name ~ '.columns', 'found': candidates | length ~ ' numeric features and outputs', 'allowed': 'two or more, for the part relations',
            'snippet': '- {name: amount, data_type: double, config: {meta: {role: feature}}}',
        }) -%}
    {%- endif -%}
    {%- if declared is none -%}{%- do return(faults) -%}{%- endif -%}
    {%- if not has_part -%}
        {%- do faults.append(dict(fault, found='relations of a monitor without the part relations', allowed='the part, or no relations',
            snippet='vars:\n  ml_monitors:\n    ' ~ monitor ~ ': [' ~ ((ml_monitor.ml_monitors().get(monitor) or []) + ['relations']) | join(', ') ~ ']')) -%}
    {%- endif -%}
    {%- if declared is string or declared is mapping or declared is not iterable or not declared -%}
        {%- do faults.append(dict(fault, found=declared, allowed='a list of pairs of columns; leave the key out for pairs of the most important ones')) -%}
        {%- do return(faults) -%}
    {%- endif -%}
    {%- if declared | length > ml_monitor.most_relations() -%}
        {%- do faults.append(dict(fault, found=declared | length ~ ' pairs', allowed='at most ' ~ ml_monitor.most_relations())) -%}
    {%- endif -%}
    {%- set seen = {} -%}
    {%- for pair in declared -%}
        {%- set key = path ~ '.relations[' ~ loop.index0 ~ ']' -%}
        {%- if pair is string or pair is mapping or pair is not iterable or pair | length != 2 -%}
            {%- do faults.append(dict(fault, key=key, found=pair, allowed='a pair of two columns')) -%}
        {%- else -%}
            {%- for name in pair -%}
                {%- if name not in names -%}
                    {%- do faults.append(dict(fault, key=key, found=name, allowed=allowed_columns)) -%}
                {%- elif name not in candidates -%}
                    {%- set column = (columns | selectattr('name', 'equalto', name) | list)[0] -%}
                    {%- do faults.append(dict(fault, key=key, found=name ~ ' (' ~ column.role ~ ', ' ~ column.kind ~ ', ' ~ column.data_type ~ ')', allowed=allowed_columns)) -%}
                {%- endif -%}
            {%- endfor -%}
            {%- set sorted_pair = pair | map('string') | sort | join(' * ') -%}
            {%- if pair[0] == pair[1] -%}
                {%- do faults.append(dict(fault, key=key, found=pair[0] ~ ' twice', allowed='two different columns')) -%}
            {%- elif sorted_pair in seen -%}
                {%- do faults.append(dict(fault, key=key, found='the pair of relations[' ~ seen[sorted_pair] ~ '] again', allowed='each pair once, in either order')) -%}
            {%- endif -%}
            {%- do seen.update({sorted_pair: seen.get(sorted_pair, loop.index0)}) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- do return(faults) -%}
{% endmacro %}

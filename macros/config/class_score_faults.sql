{#-
  Faults of a column of the inferences with role class_score: its task and `of`.

  Arguments: about, meta (dicts as in column_faults), path, file, task (strings), scored (dict of the classes that columns before have
    scored -> their column, which is extended).
  Returns: list of dicts as in declaration_faults.
-#}
{% macro class_score_faults(about, meta, path, file, task, scored) %}
    {%- set faults = [] -%}
    {%- set of = meta.get('of') -%}
    {%- set type = ml_monitor.type_in_yaml(about.type or 'double') -%}
    {%- set head = '- {name: ' ~ about.name ~ ', data_type: ' ~ type ~ ', config: {meta: {role: ' -%}
    {%- set fault = {'file': file, 'key': path ~ '.config.meta.of', 'snippet': head ~ 'class_score, of: ' ~ (of or 'cat') ~ '}}}'} -%}
    {%- if task in ['binary', 'regression'] -%}
        {%- do faults.append(dict(fault, key=path ~ '.config.meta.role', found='class_score of a ' ~ task ~ ' task',
            allowed='class scores of a multiclass task; of a binary one the probability of class 1 has role score',
            snippet=head ~ ('score, min: 0, max: 1' if task == 'binary' else 'context') ~ '}}}')) -%}
    {%- endif -%}
    {%- if 'of' not in meta -%}
        {%- do faults.append(dict(fault, found='nothing', allowed='the class that it is the probability of, as the labels write it')) -%}
    {%- elif of in scored -%}
        {%- do faults.append(dict(fault, found='a second class_score of ' ~ of ~ ' beside ' ~ scored[of],
            allowed='one column with role class_score for each class', snippet=head ~ 'context}}}')) -%}
    {%- endif -%}
    {%- do scored.update({of | string: about.name}) -%}
    {%- do return(faults) -%}
{% endmacro %}

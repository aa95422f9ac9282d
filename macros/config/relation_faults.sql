{#-
  Faults of the pairs in `relations`, and of a part `relations` that has nothing to compare.

  Arguments: meta, at (dicts of monitor_faults), inferences (list of columns of staging_columns), has_part (boolean).
  Returns: list of dicts as in declaration_faults.
-#}
{% macro relation_faults(meta, at, inferences, has_part) %}
    {%- set faults, seen = [], {} -%}
    {%- set candidates = ml_monitor.relation_columns(meta, inferences) | map(attribute='name') | list -%}
    {%- if has_part and candidates | length < 2 -%}
        {%- do faults.append({'file': at.file, 'key': at.path.split('.')[0] ~ '.columns',
            'found': candidates | length ~ ' numeric features and outputs', 'allowed': 'two or more, for the part relations',
            'snippet': ml_monitor.example_of_role('feature')}) -%}
    {%- endif -%}
    {%- if not ml_monitor.is_list(meta.get('relations')) -%}{%- do return(faults) -%}{%- endif -%}
    {%- set fault = {'file': at.file, 'key': at.path ~ '.relations',
        'snippet': at.head ~ 'relations: [[' ~ (candidates + ['amount', 'score'])[:2] | join(', ') ~ ']]'} -%}
    {%- if meta.relations | length > ml_monitor.most_relations() -%}
        {%- do faults.append(dict(fault, found=meta.relations | length ~ ' pairs', allowed='at most ' ~ ml_monitor.most_relations())) -%}
    {%- endif -%}
    {%- for pair in meta.relations -%}
        {%- set fault = dict(fault, key=at.path ~ '.relations[' ~ loop.index0 ~ ']') -%}
        {%- if not ml_monitor.is_list(pair) or pair | length != 2 -%}
            {%- do faults.append(dict(fault, found=pair, allowed='a pair of two columns')) -%}
        {%- else -%}
            {%- for name in pair if name not in candidates -%}
                {%- set column = (inferences | selectattr('name', 'equalto', name) | list + [none])[0] -%}
                {%- set what = ' (' ~ column.role ~ ', ' ~ column.kind ~ ', ' ~ column.data_type ~ ')' if column else '' -%}
                {%- do faults.append(dict(fault, found=name ~ what,
                    allowed='numeric features, score or prediction of a regression: ' ~ candidates | join(', '))) -%}
            {%- endfor -%}
            {%- set sorted_pair = pair | map('string') | sort | join(' * ') -%}
            {%- if pair[0] == pair[1] -%}
                {%- do faults.append(dict(fault, found=pair[0] ~ ' twice', allowed='two different columns')) -%}
            {%- elif sorted_pair in seen -%}
                {%- do faults.append(dict(fault, found='the pair of relations[' ~ seen[sorted_pair] ~ '] again',
                    allowed='each pair once, in either order')) -%}
            {%- endif -%}
            {%- do seen.update({sorted_pair: seen.get(sorted_pair, loop.index0)}) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- do return(faults) -%}
{% endmacro %}

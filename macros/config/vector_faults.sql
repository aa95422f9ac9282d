{#-
  Faults of a column of the inferences with role embedding or attribution: its type, `dimensions` and `of`.

  Arguments: about, meta (dicts as in column_faults), path, file (strings), parts (list of the monitor's), inferences (list of their
    columns), explained (dict of the features that columns before have explained -> their column, which is extended).
  Returns: list of dicts as in declaration_faults.
-#}
{% macro vector_faults(about, meta, path, file, parts, inferences, explained) %}
    {%- set faults = [] -%}
    {%- set type, of = about.type, meta.get('of') -%}
    {%- set head = '- {name: ' ~ about.name ~ ', data_type: ' -%}
    {%- if about.role == 'embedding' -%}
        {%- set element, fixed = ml_monitor.element_type(type), ml_monitor.dimensions_of_type(type) -%}
        {%- set write = ', config: {meta: {role: embedding, dimensions: ' -%}
        {%- set fault = {'file': file, 'key': path ~ '.config.meta.dimensions'} -%}
        {%- if not element or ml_monitor.kind_of_type(element) != 'numeric' -%}
            {%- do faults.append(dict(fault, key=path ~ '.data_type', found=type or 'none', snippet=head ~ '"double[]"' ~ write ~ '384}}}',
                allowed='an array of numbers, such as double[], float[384], double precision[] or array<double>')) -%}
        {%- endif -%}
        {%- if 'embeddings' in parts and 'dimensions' not in meta and fixed is none -%}
            {%- do faults.append(dict(fault, found='nothing', allowed='the number of elements of a vector: a whole number, 1 or more',
                snippet=head ~ ml_monitor.type_in_yaml(type or 'double[]') ~ write ~ '384}}}')) -%}
        {%- elif fixed is not none and meta.get('dimensions', fixed) != fixed -%}
            {%- do faults.append(dict(fault, found=meta.dimensions ~ ' beside the type ' ~ type, allowed=fixed ~ ', as in the type',
                snippet=head ~ ml_monitor.type_in_yaml(type) ~ write ~ fixed ~ '}}}')) -%}
        {%- endif -%}
        {%- set norm = ml_monitor.norm_name(about) -%}
        {%- if norm in inferences | map(attribute='name') -%}
            {%- do faults.append(dict(fault, key=path.rpartition('.')[0] ~ '.' ~ norm,
                found='the name that the norm of ' ~ about.name ~ ' is counted by',
                allowed='another name; give the column an alias in the staging SQL',
                snippet='select ' ~ norm ~ ' as ' ~ about.name ~ '_norm')) -%}
        {%- endif -%}
    {%- else -%}
        {%- set known = inferences | selectattr('role', 'equalto', 'feature') | map(attribute='name') | list -%}
        {%- set number = ml_monitor.type_in_yaml(type if ml_monitor.kind_of_type(type) == 'numeric' else 'double') -%}
        {%- set example = of if of in known else (known + ['amount'])[0] -%}
        {%- set fault = {'file': file, 'key': path ~ '.config.meta.of',
            'snippet': head ~ number ~ ', config: {meta: {role: attribution, of: ' ~ example ~ '}}}'} -%}
        {%- if about.kind != 'numeric' -%}
            {%- do faults.append(dict(fault, key=path ~ ('.config.meta.kind' if 'kind' in meta else '.data_type'),
                found=meta.get('kind', type or 'none'), allowed='a number, as attributions are')) -%}
        {%- endif -%}
        {%- if of not in known and (of is string or 'of' not in meta) -%}
            {%- do faults.append(dict(fault, found=of or 'nothing', allowed='the feature that it explains: ' ~ known | join(', '))) -%}
        {%- elif explained[of] -%}
            {%- do faults.append(dict(fault, found='a second attribution of ' ~ of ~ ' beside ' ~ explained[of],
                allowed='one column with role attribution for each feature',
                snippet=head ~ ml_monitor.type_in_yaml(type) ~ ', config: {meta: {role: context}}}')) -%}
        {%- endif -%}
        {%- do explained.update({of | string: about.name}) -%}
    {%- endif -%}
    {%- do return(faults) -%}
{% endmacro %}

{#-
  Faults of embeddings and attributions: the columns with these roles, their keys `dimensions` and `of`, and the parts that read them.

  Arguments: monitor, table (strings), node (graph node of the staging model), file (string, for messages).
  Returns: list of dicts as in declaration_faults; empty for other tables than the inferences, which have no such roles.
-#}
{% macro vector_faults(monitor, table, node, file) %}
    {%- set faults = [] -%}
    {%- if table != 'inferences' -%}{%- do return(faults) -%}{%- endif -%}
    {%- set parts = ml_monitor.ml_monitors().get(monitor) or [] -%}
    {%- set columns = ml_monitor.staging_columns(monitor, table) -%}
    {%- set features = columns | selectattr('role', 'equalto', 'feature') | map(attribute='name') | list -%}
    {%- set names = columns | map(attribute='name') | list -%}
    {%- set explained = {} -%}
    {%- set array = '{name: embedding, data_type: "double[]", config: {meta: {role: embedding, dimensions: 384}}}' -%}
    {%- for column in node.columns.values() -%}
        {%- set meta = column.config.meta if column.config and column.config.meta else column.meta or {} -%}
        {%- set role = meta.get('role', 'context') -%}
        {%- set path = node.name ~ '.columns.' ~ column.name -%}
        {%- set head = '- {name: ' ~ column.name ~ ', data_type: ' -%}
        {%- set type = column.data_type or '' -%}
        {%- if role == 'embedding' -%}
            {%- set element = ml_monitor.element_type(type) -%}
            {%- set fixed = ml_monitor.dimensions_of_type(type) -%}
            {%- set dimensions = meta.get('dimensions', fixed) -%}
            {%- if not element or ml_monitor.kind_of_type(element) != 'numeric' -%}
                {%- do faults.append({'file': file, 'key': path ~ '.data_type', 'found': type or 'none', 'allowed': 'an array of numbers, such as double[], float[384], double precision[] or array<double>',
                    'snippet': head ~ '"double[]", config: {meta: {role: embedding, dimensions: 384}}}'}) -%}
            {%- endif -%}
            {%- if 'dimensions' in meta and 'embeddings' not in parts -%}
                {%- do faults.append({'file': file, 'key': path ~ '.config.meta.dimensions', 'found': 'dimensions without the part embeddings, which reads it', 'allowed': 'with the part embeddings in vars.ml_monitors',
                    'snippet': 'vars:\n  ml_monitors:\n    ' ~ monitor ~ ': [' ~ (parts + ['embeddings']) | join(', ') ~ ']'}) -%}
            {%- elif ('dimensions' in meta or 'embeddings' in parts) and (dimensions is not integer or dimensions is boolean or dimensions < 1) -%}
                {%- do faults.append({'file': file, 'key': path ~ '.config.meta.dimensions', 'found': 'nothing' if dimensions is none else dimensions,
                    'allowed': 'the number of elements of a vector: a whole number, 1 or more', 'snippet': head ~ ml_monitor.type_in_yaml(type or 'double[]') ~ ', config: {meta: {role: embedding, dimensions: 384}}}'}) -%}
            {%- elif fixed is not none and dimensions != fixed -%}
                {%- do faults.append({'file': file, 'key': path ~ '.config.meta.dimensions', 'found': dimensions ~ ' beside the type ' ~ type, 'allowed': fixed ~ ', as in the type',
                    'snippet': head ~ ml_monitor.type_in_yaml(type) ~ ', config: {meta: {role: embedding, dimensions: ' ~ fixed ~ '}}}'}) -%}
            {%- endif -%}
            {%- if ml_monitor.norm_name(column) in names -%}
                {%- do faults.append({'file': file, 'key': node.name ~ '.columns.' ~ ml_monitor.norm_name(column), 'found': 'the name that the norm of ' ~ column.name ~ ' is counted by',
                    'allowed': 'another name; give the column an alias in the staging SQL', 'snippet': 'select ' ~ ml_monitor.norm_name(column) ~ ' as ' ~ column.name ~ '_norm'}) -%}
            {%- endif -%}
        {%- elif role == 'attribution' -%}
            {%- set of = meta.get('of') -%}
            {%- set snippet = head ~ ml_monitor.type_in_yaml(type if ml_monitor.kind_of_type(type) == 'numeric' else 'double') ~ ', config: {meta: {role: attribution, of: ' ~ (of if of in features else (features + ['amount'])[0]) ~ '}}}' -%}
            {%- if meta.get('kind', ml_monitor.kind_of_type(type)) != 'numeric' -%}
                {%- do faults.append({'file': file, 'key': path ~ ('.config.meta.kind' if 'kind' in meta else '.data_type'), 'found': meta.get('kind', type or 'none'), 'allowed': 'a number, as attributions are', 'snippet': snippet}) -%}
            {%- endif -%}
            {%- if of not in features -%}
                {%- do faults.append({'file': file, 'key': path ~ '.config.meta.of', 'found': 'nothing' if of is none else of, 'allowed': 'the feature that it explains: ' ~ features | join(', '), 'snippet': snippet}) -%}
            {%- elif of in explained -%}
                {%- do faults.append({'file': file, 'key': path ~ '.config.meta.of', 'found': 'a second attribution of ' ~ of ~ ' beside ' ~ explained[of], 'allowed': 'one column with role attribution for each feature',
                    'snippet': head ~ ml_monitor.type_in_yaml(type) ~ ', config: {meta: {role: context}}}'}) -%}
            {%- endif -%}
            {%- do explained.update({of | string: column.name}) -%}
        {%- endif -%}
        {%- for key, owner in {'dimensions': 'embedding', 'of': 'attribution'}.items() if key in meta and role != owner -%}
            {%- do faults.append({'file': file, 'key': path ~ '.config.meta.' ~ key, 'found': key ~ ' on a column with role ' ~ role, 'allowed': 'on a column with role ' ~ owner,
                'snippet': head ~ ml_monitor.type_in_yaml(type or 'double') ~ ', config: {meta: {role: ' ~ role ~ '}}}'}) -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- if 'embeddings' in parts and not columns | selectattr('role', 'equalto', 'embedding') | list -%}
        {%- do faults.append({'file': file, 'key': node.name ~ '.columns', 'found': 'no column with role embedding', 'allowed': 'one or more, for the part embeddings', 'snippet': '- ' ~ array}) -%}
    {%- endif -%}
    {%- if 'attributions' in parts and explained | length < 2 -%}
        {%- do faults.append({'file': file, 'key': node.name ~ '.columns', 'found': (explained | length or 'no') ~ ' column with role attribution', 'allowed': 'two or more, for the part attributions: fewer have no order',
            'snippet': '- {name: ' ~ (features + ['amount'])[0] ~ '_attribution, data_type: double, config: {meta: {role: attribution, of: ' ~ (features + ['amount'])[0] ~ '}}}'}) -%}
    {%- endif -%}
    {%- do return(faults) -%}
{% endmacro %}

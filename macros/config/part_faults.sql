{#-
  Faults of the parts counts, registry and offline: what their columns must be, and what they need of the inferences.

  Arguments: monitor, table (strings), node (graph node of the staging model), file (string, for messages).
  Returns: list of dicts as in declaration_faults; empty for other parts.
-#}
{% macro part_faults(monitor, table, node, file) %}
    {%- set faults = [] -%}
    {%- if table not in ['counts', 'registry', 'offline'] -%}{%- do return(faults) -%}{%- endif -%}
    {%- set columns = ml_monitor.staging_columns(monitor, table) -%}
    {%- set inferences = ml_monitor.staging_columns(monitor, 'inferences') -%}
    {%- set inference_node = ml_monitor.staging_node(monitor, 'inferences') -%}
    {%- for column in columns -%}
        {%- set wanted = ml_monitor.type_of_role(column.role) -%}
        {%- set type = (column.data_type or '').lower() -%}
        {%- set is_time = type.startswith('timestamp') or type.startswith('datetime') -%}
        {%- if (wanted == 'timestamp' and not is_time) or (wanted == 'bigint' and type and ml_monitor.kind_of_type(type) != 'numeric') -%}
            {%- do faults.append({
                'file': file, 'key': node.name ~ '.columns.' ~ column.name ~ '.data_type', 'found': column.data_type or 'none',
                'allowed': 'a timestamp (UTC)' if wanted == 'timestamp' else 'a number',
                'snippet': '- {name: ' ~ column.name ~ ', data_type: ' ~ wanted ~ ', config: {meta: {role: ' ~ column.role ~ '}}}',
            }) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- if table != 'counts' and inference_node and not ml_monitor.role_column(inferences, 'entity_id') -%}
        {%- do faults.append({
            'file': (inference_node.patch_path or inference_node.original_file_path).split('://')[-1], 'key': inference_node.name ~ '.columns',
            'found': 'no column with role entity_id', 'allowed': 'exactly one, for the part ' ~ table,
            'snippet': '- {name: customer_id, data_type: string, config: {meta: {role: entity_id}}}',
        }) -%}
    {%- endif -%}
    {%- if table == 'offline' and inference_node -%}
        {%- set features = inferences | selectattr('role', 'equalto', 'feature') | list -%}
        {%- set names = features | map(attribute='name') | list -%}
        {%- for column in columns if column.role == 'feature' -%}
            {%- set own = features | selectattr('name', 'equalto', column.name) | list -%}
            {%- set path = node.name ~ '.columns.' ~ column.name -%}
            {%- if not own -%}
                {%- do faults.append({
                    'file': file, 'key': path, 'found': 'a feature that the inferences do not have',
                    'allowed': 'features of ' ~ inference_node.name ~ ': ' ~ names | join(', ') ~ '; give it the same name in the staging SQL, or role context',
                    'snippet': '- {name: ' ~ (names + ['amount'])[0] ~ ', data_type: ' ~ (column.data_type or 'double') ~ ', config: {meta: {role: feature}}}',
                }) -%}
            {%- elif column.data_type and own[0].kind != column.kind -%}
                {%- do faults.append({
                    'file': file, 'key': path ~ '.data_type', 'found': column.kind ~ ' (' ~ column.data_type ~ ')',
                    'allowed': own[0].kind ~ ', as in ' ~ inference_node.name ~ ' (' ~ own[0].data_type ~ ')',
                    'snippet': '- {name: ' ~ column.name ~ ', data_type: ' ~ own[0].data_type ~ ', config: {meta: {role: feature, kind: ' ~ own[0].kind ~ '}}}',
                }) -%}
            {%- endif -%}
        {%- endfor -%}
        {%- if not columns | selectattr('role', 'equalto', 'feature') | list -%}
            {%- do faults.append({
                'file': file, 'key': node.name ~ '.columns', 'found': 'no column with role feature', 'allowed': 'one or more features of ' ~ inference_node.name,
                'snippet': '- {name: ' ~ (names + ['amount'])[0] ~ ', data_type: double, config: {meta: {role: feature}}}',
            }) -%}
        {%- endif -%}
    {%- endif -%}
    {%- do return(faults) -%}
{% endmacro %}


{#- The data type that a column of a role has at best: timestamp, bigint or string. -#}
{% macro type_of_role(role) %}
    {%- set is_time = role in ['count_hour', 'active_from', 'active_until'] or role.endswith('_time') -%}
    {%- do return('timestamp' if is_time else 'bigint' if role == 'row_count' else 'string') -%}
{% endmacro %}


{#-
  The declared weights of the parts of the quality score, which add up to 1. A part that is not named weighs 1 before that.

  Arguments: meta (dict, `config.meta.ml_monitor` of the inferences). Returns: dict of part -> number.
-#}
{% macro quality_weights(meta) %}
    {%- set declared = meta.get('quality_weights') or {} -%}
    {%- set weights = {} -%}
    {%- for part in ml_monitor.quality_parts() -%}{%- do weights.update({part: declared.get(part, 1)}) -%}{%- endfor -%}
    {%- set total = weights.values() | sum -%}
    {%- for part in ml_monitor.quality_parts() -%}{%- do weights.update({part: weights[part] / total}) -%}{%- endfor -%}
    {%- do return(weights) -%}
{% endmacro %}


{#- The parts of the quality score, in the order they are shown. -#}
{% macro quality_parts() %}
    {%- do return(['freshness', 'completeness', 'validity', 'uniqueness']) -%}
{% endmacro %}


{#-
  Faults of `quality_weights`.

  Arguments: meta (dict), path (string: the key of meta), file (string). Returns: list of dicts as in declaration_faults.
-#}
{% macro quality_weight_faults(meta, path, file) %}
    {%- set faults = [] -%}
    {%- if meta.get('quality_weights') is none -%}{%- do return(faults) -%}{%- endif -%}
    {%- set weights = meta.quality_weights -%}
    {%- set parts = ml_monitor.quality_parts() -%}
    {%- set fault = {
        'file': file, 'key': path ~ '.quality_weights',
        'snippet': 'config:\n  meta:\n    ml_monitor:\n      quality_weights: {freshness: 1, completeness: 2, validity: 2, uniqueness: 1}',
    } -%}
    {%- if weights is not mapping -%}
        {%- do faults.append(dict(fault, found=weights, allowed='a dict of ' ~ parts | join(', ') ~ ' to numbers')) -%}
        {%- do return(faults) -%}
    {%- endif -%}
    {%- set ns = namespace(total=0) -%}
    {%- for part, weight in weights.items() -%}
        {%- if part not in parts -%}
            {%- do faults.append(dict(fault, key=fault.key ~ '.' ~ part, found='unknown key ' ~ part, allowed=parts | join(', '))) -%}
        {%- elif weight is not number or weight is boolean or weight < 0 -%}
            {%- do faults.append(dict(fault, key=fault.key ~ '.' ~ part, found=weight, allowed='a number, 0 or more')) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- if not faults -%}
        {%- for part in parts -%}{%- set ns.total = ns.total + weights.get(part, 1) -%}{%- endfor -%}
        {%- if ns.total == 0 -%}
            {%- do faults.append(dict(fault, found='only zeros', allowed='at least one weight above 0')) -%}
        {%- endif -%}
    {%- endif -%}
    {%- do return(faults) -%}
{% endmacro %}

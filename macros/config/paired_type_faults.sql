{#-
  The faults of columns that are compared with each other and cannot be, by their types: ids and keys that are joined, monitored columns and
  the training set. What value_text makes equal (1, 1.0, true, '1') is no fault.

  Arguments: monitor (string).
  Returns: list of dicts as in declaration_faults.
-#}
{% macro paired_type_faults(monitor) %}
    {%- set staged, task = ml_monitor.staged_columns(monitor), ml_monitor.staging_meta(monitor, 'inferences').get('task') -%}
    {%- set faults, pairs = [], [] -%}
    {%- set plain, numbers = ['text', 'whole', 'number', 'boolean'], ['whole', 'number'] -%}
    {%- for column in staged.inferences -%}
        {%- for other in staged.labels if column.role == 'prediction_id' and other.role == 'prediction_id' -%}
            {%- do pairs.append([column, 'labels', other, [column.class]]) -%}
        {%- endfor -%}
        {%- for table in ['registry', 'offline'] if column.role == 'entity_id' -%}
            {%- for other in staged[table] if other.role == 'entity_id' -%}
                {%- do pairs.append([column, table, other, ['text', 'whole', 'uuid']]) -%}
            {%- endfor -%}
        {%- endfor -%}
        {%- for lookup in ml_monitor.lookups(monitor) -%}
            {%- set keys = ml_monitor.staging_columns(monitor, lookup) | selectattr('role', 'equalto', 'join_key') -%}
            {%- for other in keys | selectattr('inference_column', 'equalto', column.name) -%}
                {%- do pairs.append([column, lookup, other, numbers if column.class in numbers else [column.class]]) -%}
            {%- endfor -%}
        {%- endfor -%}
        {%- set is_monitored = column.role in ['feature', 'score', 'prediction', 'latency_ms'] -%}
        {%- for other in staged.reference if is_monitored and other.name == column.name -%}
            {%- set is_class = column.role == 'prediction' and task != 'regression' -%}
            {%- do pairs.append([column, 'reference', other, numbers if column.kind == 'numeric' and not is_class
                else plain if column.class in plain else [column.class, 'text']]) -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- for column, table, other, classes in pairs if column.class and other.class and other.class not in classes -%}
        {%- set own, name = 'stg_' ~ monitor ~ '__inferences', 'stg_' ~ monitor ~ '__' ~ table -%}
        {%- do faults.append({
            'file': ml_monitor.yaml_file(ml_monitor.staging_node(monitor, table)), 'key': name ~ '.columns.' ~ other.name ~ '.data_type',
            'found': other.data_type ~ ', which is compared with ' ~ column.name ~ ' of ' ~ own ~ ' (' ~ column.data_type ~ ')',
            'allowed': 'a type that can be compared: ' ~ column.data_type,
            'snippet': '- {name: ' ~ other.name ~ ', data_type: ' ~ ml_monitor.type_in_yaml(column.data_type) ~ '}\n-- in its SQL:\ncast('
                ~ other.name ~ ' as ' ~ ml_monitor.sql_type(column.data_type) ~ ') as ' ~ other.name,
        }) -%}
    {%- endfor -%}
    {%- do return(faults) -%}
{% endmacro %}

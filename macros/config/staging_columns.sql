{#-
  The columns of a staging model with their declared meaning.
  Arguments: monitor, table (strings).
  Returns: list of dicts name, sql (the name as SQL writes it, quoted), data_type, class (type_class), is_float32, and each of column_keys;
    embeddings alone have `dimensions`, attributions `of`. Values of YAML are as value_text has those of the column.
-#}
{% macro staging_columns(monitor, table) %}
    {%- set node = ml_monitor.staging_node(monitor, table) -%}
    {%- set columns = [] -%}
    {%- if node -%}
        {#- Every model of a monitor reads some eighty columns: a macro call for each of their keys took a tenth of a run. -#}
        {%- set float_type, defaults, classes = ml_monitor.float_type(), ml_monitor.column_defaults(), {} -%}
        {%- set name_case = ml_monitor.name_case() -%}
        {%- for one in node.columns.values() -%}
            {%- if one.data_type not in classes -%}
                {%- do classes.update({one.data_type: [ml_monitor.type_class(one.data_type), ml_monitor.type_name(one.data_type)]}) -%}
            {%- endif -%}
            {%- set class, type_name = classes[one.data_type] -%}
            {%- set meta = one.config.meta if one.config and one.config.meta else one.meta or {} -%}
            {%- set column = dict(defaults) -%}
            {%- do column.update(meta) -%}
            {%- do column.update({
                'name': one.name,
                'sql': adapter.quote(one.name if one.quote or name_case == 'as it is' else one.name | lower if name_case == 'lower'
                    else one.name | upper),
                'data_type': {float_type: 'double', float_type ~ '[]': 'double[]'}.get(one.data_type, one.data_type),
                'kind': meta.get('kind', 'numeric' if class in ['whole', 'number'] else 'categorical'),
                'class': class,
                'is_float32': type_name == 'real',
                'inference_column': meta.get('inference_column', one.name),
            }) -%}
            {%- if 'accepted_values' in meta -%}
                {%- do column.update({'accepted_values': ml_monitor.texts_of(meta.accepted_values, one.data_type)}) -%}
            {%- endif -%}
            {%- if 'default_value' in meta and column.kind == 'categorical' -%}
                {%- do column.update({'default_value': ml_monitor.literal_text(meta.default_value, one.data_type)}) -%}
            {%- endif -%}
            {%- if column.role == 'embedding' -%}
                {%- do column.update({'dimensions': meta.get('dimensions', ml_monitor.dimensions_of_type(one.data_type))}) -%}
            {%- endif -%}
            {%- do columns.append(column) -%}
        {%- endfor -%}
    {%- endif -%}
    {%- do return(columns) -%}
{% endmacro %}

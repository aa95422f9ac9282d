{#-
  The columns of a staging model with their declared meaning.
  Arguments: monitor, table (strings).
  Returns: list of dicts name, sql (the name as SQL writes it), data_type, and each of column_keys; embeddings alone have `dimensions`,
    attributions `of`.
-#}
{% macro staging_columns(monitor, table) %}
    {%- set node = ml_monitor.staging_node(monitor, table) -%}
    {%- set columns = [] -%}
    {%- if node -%}
        {#- Every model of a monitor reads some eighty columns: a macro call for each of their keys took a tenth of a run. -#}
        {%- set float_type, defaults, kinds = ml_monitor.float_type(), ml_monitor.column_defaults(), {} -%}
        {%- for one in node.columns.values() -%}
            {%- if one.data_type not in kinds -%}
                {%- do kinds.update({one.data_type: ml_monitor.kind_of_type(one.data_type)}) -%}
            {%- endif -%}
            {%- set meta = one.config.meta if one.config and one.config.meta else one.meta or {} -%}
            {%- set column = dict(defaults) -%}
            {%- do column.update(meta) -%}
            {%- do column.update({
                'name': one.name,
                'sql': adapter.quote(one.name) if one.quote else one.name,
                'data_type': {float_type: 'double', float_type ~ '[]': 'double[]'}.get(one.data_type, one.data_type),
                'kind': meta.get('kind', kinds[one.data_type]),
                'inference_column': meta.get('inference_column', one.name),
            }) -%}
            {%- if 'accepted_values' in meta -%}
                {%- do column.update({'accepted_values': ml_monitor.texts_of(meta.accepted_values)}) -%}
            {%- endif -%}
            {%- if meta.get('default_value') is boolean -%}
                {%- do column.update({'default_value': meta.default_value | string | lower}) -%}
            {%- endif -%}
            {%- if column.role == 'embedding' -%}
                {%- do column.update({'dimensions': meta.get('dimensions', ml_monitor.dimensions_of_type(one.data_type))}) -%}
            {%- endif -%}
            {%- do columns.append(column) -%}
        {%- endfor -%}
    {%- endif -%}
    {%- do return(columns) -%}
{% endmacro %}


{#- Values of a declaration with booleans as databases write them: true, not True. -#}
{% macro texts_of(values) %}
    {%- if not ml_monitor.is_list(values) -%}{%- do return(values) -%}{%- endif -%}
    {%- set texts = [] -%}
    {%- for value in values -%}{%- do texts.append(value | string | lower if value is boolean else value) -%}{%- endfor -%}
    {%- do return(texts) -%}
{% endmacro %}

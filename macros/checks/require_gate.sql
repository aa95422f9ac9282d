{#-
  Makes a model wait for a monitor's gate: `{{ '{{ ml_monitor.require_gate(\'flight_delay\') }}' }}` anywhere in it. When the gate's
  tests fail, `dbt build` skips the model and its last good content stays.

  Arguments: monitor (string).
  Raises: in a view or an ephemeral model, since a skipped view still serves bad rows.
-#}
{% macro require_gate(monitor) %}
    {%- set gate = ref(monitor ~ '__gate') -%}
    {%- if execute and model.config.materialized in ['view', 'ephemeral'] -%}
        {%- do exceptions.raise_compiler_error(
            model.original_file_path ~ ': require_gate(\'' ~ monitor ~ '\') in a model materialized as ' ~ model.config.materialized
            ~ '. A skipped view still serves bad rows; allowed: table, incremental. Write\n    {{ config(materialized=\'table\') }}'
        ) -%}
    {%- endif -%}
-- waits for {{ gate }}
{%- endmacro %}

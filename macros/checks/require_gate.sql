{#-
  Makes a model wait for a monitor's gate: `{{ '{{ ml_monitor.require_gate(\'flight_delay\') }}' }}` anywhere in it. When the gate's
  tests fail, `dbt build` skips the model and its last good content stays.

  Arguments: monitor (string), allow_not_yet (boolean, default true): whether the model may run while a category of a new monitor cannot
    be judged yet; it then warns, else it raises.
  Raises: in a view or an ephemeral model, since a skipped view still serves bad rows; without allow_not_yet while the gate has a category
    that is not judged yet.
-#}
{% macro require_gate(monitor, allow_not_yet=true) %}
    {%- set gate = ref(monitor ~ '__gate') -%}
    {%- if execute and model.config.materialized in ['view', 'ephemeral'] -%}
        {%- do exceptions.raise_compiler_error(
            model.original_file_path ~ ': require_gate(\'' ~ monitor ~ '\') in a model materialized as ' ~ model.config.materialized
            ~ '. A skipped view still serves bad rows; allowed: table, incremental. Write\n    {{ config(materialized=\'table\') }}'
        ) -%}
    {%- endif -%}
    {%- if execute and flags.WHICH in ['build', 'run'] and not ml_monitor.is_empty_run() -%}
        {%- set waiting = "select message from " ~ gate ~ " where metric = 'no_checks' and status = 'warn' order by message" -%}
        {%- for row in run_query(waiting).rows -%}
            {%- set text = 'require_gate: ' ~ row['message'] -%}
            {%- if not allow_not_yet -%}{%- do exceptions.raise_compiler_error(text) -%}{%- endif -%}
            {%- do exceptions.warn(text) -%}
        {%- endfor -%}
    {%- endif -%}
-- waits for {{ gate }}
{%- endmacro %}

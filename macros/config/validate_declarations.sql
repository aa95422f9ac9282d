{#-
  on-run-start: stops the run before any SQL when a declaration is wrong, with all faults of all monitors at once; then, before anything is
  written, where a setting of the engine is.
  Raises: a compiler error that lists for each fault the file, the key, what was found, what is allowed and what to write.
-#}
{% macro validate_declarations() %}
    {%- if not execute -%}{%- do return('') -%}{%- endif -%}
    {%- set faults = ml_monitor.setting_faults() -%}
    {%- set monitors = ml_monitor.ml_monitors() -%}
    {%- set fault = {'file': 'dbt_project.yml', 'key': 'vars.ml_monitors'} -%}
    {%- set snippet = 'vars:\n  ml_monitors:\n    ' -%}
    {%- if monitors is not mapping -%}
        {%- do faults.append(dict(fault, found=monitors, allowed='a dict of monitor: [parts]',
            snippet=snippet ~ 'churn: [labels, reference]')) -%}
        {%- do ml_monitor.raise_declaration_faults(faults) -%}
    {%- endif -%}
    {%- for monitor, parts in monitors.items() -%}
        {%- set fault = dict(fault, key='vars.ml_monitors.' ~ monitor) -%}
        {%- set reserved = ml_monitor.reserved_parts() -%}
        {%- if not modules.re.match('^[a-z][a-z0-9]*(_[a-z0-9]+)*$', monitor) -%}
            {%- do faults.append(dict(fault, found=monitor, allowed='lower-case letters, digits and single underscores',
                snippet=snippet ~ 'churn: [labels, reference]')) -%}
        {%- endif -%}
        {%- if not ml_monitor.is_list(parts or []) or (parts or []) | select('in', reserved) | list -%}
            {%- do faults.append(dict(fault, found=parts, snippet=snippet ~ monitor ~ ': [labels, reference]',
                allowed='a list of ' ~ ml_monitor.plain_parts() | join(', ') ~ ' and lookups (none of them named '
                    ~ reserved | join(', ') ~ ')')) -%}
        {%- else -%}
            {%- do faults.extend(ml_monitor.declaration_faults(monitor)) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- for node in graph.nodes.values() if node.resource_type == 'model' and node.config.meta.get('ml_monitor') -%}
        {%- set monitor = node.name[4:].split('__')[0] -%}
        {%- if monitor not in monitors -%}
            {%- do faults.append({'file': ml_monitor.yaml_file(node), 'key': node.name ~ '.config.meta.ml_monitor',
                'found': 'a monitor that vars.ml_monitors does not list', 'allowed': 'listed: ' ~ monitors | join(', '),
                'snippet': snippet ~ monitor ~ ': []'}) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- if faults -%}{%- do ml_monitor.raise_declaration_faults(faults) -%}{%- endif -%}
    {#- Each spec is made here, where the macros ml_metric__<name> of the root project are seen; tests do not see them. -#}
    {%- for monitor in monitors -%}{%- do faults.extend(ml_monitor.custom_metric_faults(monitor)) -%}{%- endfor -%}
    {%- if faults -%}{%- do ml_monitor.raise_declaration_faults(faults) -%}{%- endif -%}
    {#- Last, since it asks the engine. -#}
    {%- set faults = ml_monitor.engine_faults() -%}
    {%- if faults -%}
        {%- do exceptions.raise_compiler_error(ml_monitor.text_of_faults('ml_monitor: ' ~ faults | length
            ~ (' setting' if faults | length == 1 else ' settings') ~ ' of the engine must be another; nothing was written.', faults)) -%}
    {%- endif -%}
{% endmacro %}

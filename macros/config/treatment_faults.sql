{#-
  Faults of the column of the inferences with role treatment: its shares, and that it is a segment.

  Arguments: about, meta (dicts as in column_faults), path, file (strings), settings (dict: the `config.meta.ml_monitor` of the monitor).
  Returns: list of dicts as in declaration_faults.
-#}
{% macro treatment_faults(about, meta, path, file, settings) %}
    {%- set faults, shares = [], meta.get('shares') -%}
    {%- set example = ml_monitor.example_of_role('treatment').replace('{name: arm, data_type: string',
        '{name: ' ~ about.name ~ ', data_type: ' ~ ml_monitor.type_in_yaml(about.type or 'string')) -%}
    {%- set fault = {'file': file, 'key': path ~ '.config.meta.shares', 'snippet': example,
        'allowed': 'two or more arms with shares above 0 that add up to 1'} -%}
    {%- if 'shares' not in meta -%}
        {%- do faults.append(dict(fault, found='nothing')) -%}
    {%- elif shares is mapping -%}
        {%- set numbers = shares.values() | select('number') | list -%}
        {%- set are_positive = numbers | length == shares | length and not numbers | select('le', 0) | list -%}
        {%- if not are_positive or shares | length < 2 or (numbers | sum - 1) | abs > 0.001 -%}
            {%- do faults.append(dict(fault, found=shares)) -%}
        {%- endif -%}
    {%- endif -%}
    {%- if about.name not in (settings.segments if ml_monitor.is_list(settings.get('segments')) else []) -%}
        {%- do faults.append(dict(fault, key=path ~ '.config.meta.role', found='treatment on a column that is no segment',
            allowed='a column of segments, by which rows are counted',
            snippet='config:\n  meta:\n    ml_monitor:\n      segments: [' ~ about.name ~ ']')) -%}
    {%- endif -%}
    {%- do return(faults) -%}
{% endmacro %}

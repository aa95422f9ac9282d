{#-
  The faults of the `config.meta.ml_monitor` of stg_<m>__inferences: each key by monitor_keys, then what relates keys, columns and parts.

  Arguments: monitor (string), node (graph node of the inferences), file (string, for messages).
  Returns: list of dicts as in declaration_faults.
-#}
{% macro monitor_faults(monitor, node, file) %}
    {%- set meta = node.config.meta.get('ml_monitor') or {} -%}
    {%- set path = node.name ~ '.config.meta.ml_monitor' -%}
    {%- set head = 'config:\n  meta:\n    ml_monitor:\n      ' -%}
    {%- set at = {'file': file, 'path': path, 'head': head, 'tail': '', 'plain': head ~ 'task: binary\n      owner: team@example.com'} -%}
    {%- if meta is not mapping -%}
        {%- do return([{'file': file, 'key': path, 'found': meta, 'allowed': 'a dict of settings', 'snippet': at.plain}]) -%}
    {%- endif -%}
    {%- set parts = ml_monitor.ml_monitors().get(monitor) or [] -%}
    {%- set inferences = ml_monitor.staging_columns(monitor, 'inferences') -%}
    {%- set labels = ml_monitor.staging_columns(monitor, 'labels') if 'labels' in parts else [] -%}
    {%- set declared = {'monitor': monitor, 'settings': meta, 'parts': parts, 'columns': inferences + labels} -%}
    {%- set faults = ml_monitor.key_faults(ml_monitor.monitor_keys(), meta, at, declared) -%}
    {%- set windows = meta.get('drift_windows') -%}
    {%- if ml_monitor.is_list(windows) and 'hour' in windows and meta.get('hourly_retention_days') is not none -%}
        {%- do faults.append({'file': file, 'key': path ~ '.drift_windows', 'found': 'hour, beside hourly_retention_days',
            'allowed': 'one of both: the baseline of an hour are the hours of its first days, which retention folds',
            'snippet': head ~ 'hourly_retention_days: 30'}) -%}
    {%- endif -%}
    {%- do faults.extend(ml_monitor.rule_faults(meta, at, node.columns)) -%}
    {%- if ml_monitor.is_list(meta.get('metrics')) -%}
        {%- set paths = [] -%}
        {%- for one in meta.metrics -%}{%- do paths.append(path ~ '.metrics[' ~ loop.index0 ~ ']') -%}{%- endfor -%}
        {%- set example = (ml_monitor.monitor_keys() | selectattr('key', 'equalto', 'metrics') | first).example -%}
        {%- do faults.extend(ml_monitor.metric_faults(meta.metrics, dict(at, snippet=head ~ 'metrics: ' ~ example), paths, [])) -%}
    {%- endif -%}
    {%- do faults.extend(ml_monitor.golden_period_faults(meta, at)) -%}
    {%- do faults.extend(ml_monitor.quality_weight_faults(meta, at)) -%}
    {%- do faults.extend(ml_monitor.relation_faults(meta, at, inferences, 'relations' in parts)) -%}
    {%- do faults.extend(ml_monitor.segment_faults(meta, at, node)) -%}
    {%- do faults.extend(ml_monitor.protected_faults(meta, at)) -%}
    {%- do faults.extend(ml_monitor.upstream_faults(monitor, meta, at)) -%}
    {%- do faults.extend(ml_monitor.objective_faults(meta, at)) -%}
    {%- do faults.extend(ml_monitor.retraining_faults(meta, at)) -%}

    {%- set roles = inferences | map(attribute='role') | list -%}
    {%- set fault = {'file': file, 'key': node.name ~ '.columns'} -%}
    {%- if meta.get('task') == 'regression' and 'prediction' not in roles -%}
        {%- do faults.append(dict(fault, found='no column with role prediction', allowed='exactly one, for a regression',
            snippet=ml_monitor.example_of_role('prediction'))) -%}
    {%- elif 'prediction' not in roles and 'score' not in roles -%}
        {%- do faults.append(dict(fault, found='no column with role score or prediction', allowed='at least one of them',
            snippet=ml_monitor.example_of_role('score'))) -%}
    {%- endif -%}
    {%- for role in ['class_score', 'shadow_score', 'shadow_prediction'] if role in roles -%}
        {%- if 'labels' not in parts -%}
            {%- do faults.append(dict(fault, found='role ' ~ role ~ ' without the part labels, which it is compared with',
                allowed='the part, or role context', snippet='vars:\n  ml_monitors:\n    ' ~ monitor ~ ': ['
                    ~ (parts + ['labels']) | join(', ') ~ ']')) -%}
        {%- elif role == 'shadow_score' and meta.get('task') in ['multiclass', 'regression'] -%}
            {%- do faults.append(dict(fault, found='role shadow_score of a ' ~ meta.task ~ ' task',
                allowed='role shadow_prediction; a shadow_score is of a binary task',
                snippet=ml_monitor.example_of_role('shadow_prediction'))) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- for part in ml_monitor.monitor_parts() if part.needs and part.part in parts -%}
        {%- set count = roles | select('equalto', part.needs.role) | list | length -%}
        {%- if count < part.needs.least -%}
            {%- do faults.append(dict(fault, found=(count or 'no') ~ ' column with role ' ~ part.needs.role,
                allowed=part.needs.allowed, snippet=ml_monitor.example_of_role(part.needs.role))) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- do return(faults) -%}
{% endmacro %}


{#- Faults of the names of `rules`, whose form key_faults checks. Arguments: meta, at (dicts of monitor_faults), columns (dict by name). -#}
{% macro rule_faults(meta, at, columns) %}
    {%- set faults, names = [], [] -%}
    {%- for rule in (meta.rules if ml_monitor.is_list(meta.get('rules')) else []) if rule is mapping and rule.name is string -%}
        {%- set is_name = modules.re.match('^[a-z][a-z0-9_]*$', rule.name) and not rule.name.startswith('ml_') -%}
        {%- if not is_name or rule.name in columns or rule.name in names -%}
            {%- set known = ml_monitor.monitor_keys() | selectattr('key', 'equalto', 'rules') | list -%}
            {%- do faults.append({'file': at.file, 'key': at.path ~ '.rules[' ~ meta.rules.index(rule) ~ '].name', 'found': rule.name,
                'allowed': known[0].fields[0].allowed, 'snippet': at.head ~ 'rules: ' ~ known[0].example}) -%}
        {%- endif -%}
        {%- do names.append(rule.name) -%}
    {%- endfor -%}
    {%- do return(faults) -%}
{% endmacro %}


{#- Faults of the periods that `compare` takes by name. Arguments: meta, at (dicts of monitor_faults). -#}
{% macro golden_period_faults(meta, at) %}
    {%- set faults = [] -%}
    {%- set reserved = ml_monitor.named_baselines() -%}
    {%- for name, ends in (meta.golden_periods.items() if meta.get('golden_periods') is mapping else []) -%}
        {%- set fault = {'file': at.file, 'key': at.path ~ '.golden_periods.' ~ name, 'found': ends,
            'snippet': at.head ~ "golden_periods:\n        quiet_june: ['2013-06-01', '2013-07-01']"} -%}
        {%- if name is not string or not modules.re.match('^[a-z][a-z0-9_]*\\Z', name) or name in reserved -%}
            {%- do faults.append(dict(fault, found=name,
                allowed='a name of lower-case letters, digits and underscores, but none of ' ~ reserved | join(', '))) -%}
        {%- endif -%}
        {%- set is_pair = ml_monitor.is_list(ends) and ends | length == 2 -%}
        {%- if not is_pair or not ml_monitor.is_moment(ends[0]) or not ml_monitor.is_moment(ends[1]) -%}
            {%- do faults.append(dict(fault,
                allowed='two moments in UTC, as 2013-07-01 or 2013-07-01 06:00:00: the first in it and the last not')) -%}
        {%- elif ml_monitor.moment_of(ends[0]) >= ml_monitor.moment_of(ends[1]) -%}
            {%- do faults.append(dict(fault, found=ends | join(' to '), allowed='the first before the last')) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- do return(faults) -%}
{% endmacro %}


{#- The fault of weights that are all 0. Arguments: meta, at (dicts of monitor_faults). -#}
{% macro quality_weight_faults(meta, at) %}
    {%- if meta.get('quality_weights') is not mapping -%}{%- do return([]) -%}{%- endif -%}
    {%- set weights = [] -%}
    {%- for part in ml_monitor.quality_components() -%}{%- do weights.append(meta.quality_weights.get(part, 1)) -%}{%- endfor -%}
    {%- if weights | reject('equalto', 0) | list -%}{%- do return([]) -%}{%- endif -%}
    {%- do return([{'file': at.file, 'key': at.path ~ '.quality_weights', 'found': 'only zeros', 'allowed': 'at least one weight above 0',
        'snippet': at.head ~ 'quality_weights: {freshness: 1, completeness: 2, validity: 2, uniqueness: 1}'}]) -%}
{% endmacro %}


{#- Faults of the columns that `segments` names. Arguments: meta, at (dicts of monitor_faults), node (graph node of the inferences). -#}
{% macro segment_faults(meta, at, node) %}
    {%- if not ml_monitor.is_list(meta.get('segments')) -%}{%- do return([]) -%}{%- endif -%}
    {%- set faults = [] -%}
    {%- set columns = node.columns | list -%}
    {%- set fault = {'file': at.file, 'key': at.path ~ '.segments', 'snippet': at.head ~ 'segments: [' ~ columns[-1] ~ ']'} -%}
    {%- for segment in meta.segments if segment is not string -%}
        {%- if not ml_monitor.is_list(segment) or segment | length < 2 or segment | unique | list | length < segment | length -%}
            {%- do faults.append(dict(fault, found=segment, allowed='a column, or a list of two or more different ones that are crossed',
                snippet=at.head ~ 'segments: [' ~ columns[-1] ~ ', [' ~ columns[-2:] | join(', ') ~ ']]')) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- set named = ml_monitor.declared_segments(meta).values() | sum(start=[]) | unique | list -%}
    {%- for segment in named if segment not in columns -%}
        {%- do faults.append(dict(fault, found=segment, allowed='columns of ' ~ node.name ~ ': ' ~ columns | join(', '))) -%}
    {%- endfor -%}
    {%- for name, column in node.columns.items() if name in named and column.meta.get('personal') is true -%}
        {%- do faults.append(dict(fault, found=name ~ ', which is personal',
            allowed='columns that are not personal: the values of a segment are in messages and tables that people read')) -%}
    {%- endfor -%}
    {%- do return(faults) -%}
{% endmacro %}


{#- Faults of the columns that `protected` names. Arguments: meta, at (dicts of monitor_faults). -#}
{% macro protected_faults(meta, at) %}
    {%- if not ml_monitor.is_list(meta.get('protected')) -%}{%- do return([]) -%}{%- endif -%}
    {%- set segments = meta.segments if ml_monitor.is_list(meta.get('segments')) else [] -%}
    {%- set named = ml_monitor.declared_segments({'segments': segments}).values() | sum(start=[]) | unique | list -%}
    {%- set faults = [] -%}
    {%- for name in meta.protected if name not in named -%}
        {%- do faults.append({'file': at.file, 'key': at.path ~ '.protected', 'found': name,
            'allowed': 'columns of segments' ~ (': ' ~ named | join(', ') if named else ', of which there are none'),
            'snippet': at.head ~ 'segments: [' ~ name ~ ']\n      protected: [' ~ name ~ ']'}) -%}
    {%- endfor -%}
    {%- do return(faults) -%}
{% endmacro %}


{#- Faults of the monitors that are `upstream`. Arguments: monitor (string), meta, at (dicts of monitor_faults). -#}
{% macro upstream_faults(monitor, meta, at) %}
    {%- set faults = [] -%}
    {%- set others = ml_monitor.ml_monitors() | list | reject('equalto', monitor) | list -%}
    {%- for other in (meta.upstream if ml_monitor.is_list(meta.get('upstream')) else []) if other not in others -%}
        {%- do faults.append({'file': at.file, 'key': at.path ~ '.upstream', 'found': other,
            'allowed': 'other monitors of vars.ml_monitors: ' ~ (others | join(', ') or 'there are none'),
            'snippet': at.head ~ 'upstream: [' ~ (others | first or 'other_monitor') ~ ']'}) -%}
    {%- endfor -%}
    {%- do return(faults) -%}
{% endmacro %}

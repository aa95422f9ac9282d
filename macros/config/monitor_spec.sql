{#-
  One monitor's declaration as a plain dict. The only reader of `graph` beside the validator, which it shares.

  While dbt parses, `graph` is empty: the dict then has the same keys and no columns. In dbt unit tests `graph` is empty
  too; they override this macro.

  Arguments: monitor (string).
  Returns: dict, made once in a run, with
    name                            the monitor
    task, owner, time_zone, ...     each of monitor_keys, with its default, and of these
      segments                      list of names; segment_columns has their columns, as a dict
      drift_windows                 hour if declared, and those of window_days
      event_not_before              text
      golden_periods                dict of name -> [from, until], as text
      rules                         list of {name, condition (SQL that a good row keeps), hard (boolean)}
      relations                     list of the pairs of declared_relations; empty without that part
      quality_weights               dict of the parts of the quality score -> weight; the weights add up to 1
      metrics                       list of custom_metrics: declared ones, and those of macros ml_metric__<name>
    class_scores                    list of [class, SQL name of the column with its probability]
    inferences, labels, reference, counts, registry, offline   lists of columns as staging_columns returns them; empty without that part
    joins                           list of {name, on: [[inference column sql, lookup column sql], ...]}
    settings                        dict of the settings that change what is computed
    declaration_hash                of the whole declaration; tables have their own, see declaration_hash
  Raises: every fault of the monitor's declaration, if there is one.
-#}
{% macro monitor_spec(monitor) %}
    {#- Forty models ask, and making one takes as long as dbt takes for a node. -#}
    {%- set specs = ml_monitor.kept_in_this_run().setdefault('specs', {}) -%}
    {%- if monitor not in specs -%}
        {#- The hook on-run-start of these commands has validated every monitor. -#}
        {%- if execute and flags.WHICH not in ['build', 'run', 'test'] -%}
            {%- set faults = ml_monitor.declaration_faults(monitor) -%}
            {%- if faults -%}{%- do ml_monitor.raise_declaration_faults(faults) -%}{%- endif -%}
        {%- endif -%}
        {%- do specs.update({monitor: ml_monitor.declared_spec(monitor)}) -%}
    {%- endif -%}
    {%- do return(specs[monitor]) -%}
{% endmacro %}


{#- What monitor_spec returns, made from the YAML of the staging models. -#}
{% macro declared_spec(monitor) %}
    {%- set meta = ml_monitor.staging_meta(monitor, 'inferences') -%}
    {%- set spec = {'name': monitor, 'joins': []} -%}
    {%- for key in ml_monitor.monitor_keys() -%}{%- do spec.update({key.key: meta.get(key.key, key.get('default'))}) -%}{%- endfor -%}
    {%- do spec.update(ml_monitor.staged_columns(monitor)) -%}
    {%- for lookup in ml_monitor.lookups(monitor) -%}
        {%- set pairs = [] -%}
        {%- for column in ml_monitor.staging_columns(monitor, lookup) if column.role == 'join_key' -%}
            {%- for own in spec.inferences if own.name == column.inference_column -%}
                {%- do pairs.append([own.sql, column.sql]) -%}
            {%- endfor -%}
        {%- endfor -%}
        {%- do spec.joins.append({'name': lookup, 'on': pairs}) -%}
    {%- endfor -%}
    {%- set segment_columns = ml_monitor.declared_segments(meta) -%}
    {%- set settings = {} -%}
    {%- for name in [
        'baseline_days', 'baseline_min_share', 'baseline_max_faulty_share', 'calibrated_windows', 'category_cap', 'segment_cap',
    ] -%}
        {%- do settings.update({name: ml_monitor.setting(name)}) -%}
    {%- endfor -%}
    {%- do spec.update({
        'task': spec.task or 'binary',
        'owner': spec.owner or '',
        'segments': segment_columns | list,
        'segment_columns': segment_columns,
        'event_not_before': spec.event_not_before | string,
        'drift_windows': spec.drift_windows + ml_monitor.window_days() | list,
        'golden_periods': ml_monitor.declared_golden_periods(meta),
        'rules': ml_monitor.declared_rules(meta),
        'relations': ml_monitor.declared_relations(meta, spec.inferences) if ml_monitor.has_part(monitor, 'relations') else [],
        'quality_weights': ml_monitor.quality_weights(meta),
        'class_scores': ml_monitor.class_scores(spec.inferences),
        'settings': settings,
    }) -%}
    {%- do spec.update({'metrics': ml_monitor.custom_metrics(spec, spec.metrics)}) -%}
    {%- do spec.update({'declaration_hash': local_md5(tojson(spec, sort_keys=true))}) -%}
    {%- do return(spec) -%}
{% endmacro %}


{#- The declared golden periods: dict of name -> [from, until], as text. YAML reads a bare 2013-06-01 as a date. -#}
{% macro declared_golden_periods(meta) %}
    {%- set periods = {} -%}
    {%- for name, ends in (meta.get('golden_periods') or {}).items() -%}
        {%- do periods.update({name: ends | map('string') | list}) -%}
    {%- endfor -%}
    {%- do return(periods) -%}
{% endmacro %}


{#- The rules of a monitor that its meta declares, with their defaults. -#}
{% macro declared_rules(meta) %}
    {%- set rules = [] -%}
    {%- for rule in meta.get('rules') or [] -%}
        {%- do rules.append({'name': rule.get('name'), 'condition': rule.get('condition'), 'hard': rule.get('hard', false)}) -%}
    {%- endfor -%}
    {%- do return(rules) -%}
{% endmacro %}


{#- The declared class scores. Arguments: inferences (list of columns). Returns: list of [class, SQL name of its column]. -#}
{% macro class_scores(inferences) %}
    {%- set scores = [] -%}
    {%- for column in inferences if column.role == 'class_score' -%}{%- do scores.append([column.of | string, column.sql]) -%}{%- endfor -%}
    {%- do return(scores) -%}
{% endmacro %}

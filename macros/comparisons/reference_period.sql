{#-
  The reference of a comparison as a dict, if it was given by name. It has the version and the segment of the current period (a golden
  period all versions), and no hour of it.

    serving       the days of <m>__baseline_windows that drift compares with
    previous      the period of the same length right before
    trailing      the ml_baseline_days days right before
    seasonal      the same hours of the clock, in the declared time zone, of the same days of the four weeks before; whole days, and
                  segments, which are counted by UTC day, by UTC
    golden period the declared one
    training      stays a name: the training set has neither times nor segments

  Arguments: spec, current (dict), reference (dict, which is returned as it is, or string). Returns: dict with the keys of a period, and
    `condition` (SQL on rows of a profile), or `training`.
-#}
{% macro reference_period(spec, current, reference) %}
    {%- if reference is mapping or reference == 'training' -%}{%- do return(reference) -%}{%- endif -%}
    {%- set like = {'model_version': current.model_version, 'segment': current.segment} -%}
    {%- set ns = namespace(outside='1 = 1') -%}
    {%- if execute and current.from and current.until -%}
        {%- set start = ml_monitor.moment_of(current.from) -%}
        {%- set end = ml_monitor.moment_of(current.until) -%}
        {%- set start_sql = ml_monitor.timestamp_literal(start | string) -%}
        {%- set end_sql = ml_monitor.timestamp_literal(end | string) -%}
        {%- set ns.outside = 'not (window_start >= ' ~ start_sql ~ ' and window_start < ' ~ end_sql ~ ')' -%}
    {%- endif -%}
    {%- if reference == 'serving' -%}
        {%- set version = ml_monitor.string_literal(current.model_version or '__all__') -%}
        {%- set windows = ref(spec.name ~ '__baseline_windows') -%}
        {%- set days = 'select window_start from ' ~ windows ~ ' where is_baseline and model_version = ' ~ version -%}
        {%- set is_chosen = ml_monitor.truncate('day', 'window_start') ~ ' in (' ~ days ~ ')' -%}
        {%- do return(dict(like, condition=ns.outside ~ ' and ' ~ is_chosen)) -%}
    {%- elif not execute -%}
        {%- do return(like) -%}
    {%- elif reference == 'previous' -%}
        {%- do like.update({'from': start - (end - start), 'until': start}) -%}
        {%- do return(like) -%}
    {%- elif reference == 'trailing' -%}
        {%- set start = ml_monitor.moment_of(current.from) -%}
        {%- do like.update({'from': start - modules.datetime.timedelta(days=spec.settings.baseline_days), 'until': start}) -%}
        {%- do return(like) -%}
    {%- elif reference == 'seasonal' -%}
        {%- set time_zone = 'UTC' if current.segment else spec.time_zone -%}
        {%- do return(dict(like, condition=ml_monitor.is_in_weeks_before(start_sql, end_sql, time_zone))) -%}
    {%- endif -%}
    {%- set ends = spec.golden_periods[reference] -%}
    {%- do return({'from': ends[0], 'until': ends[1], 'segment': current.segment, 'condition': ns.outside}) -%}
{% endmacro %}


{#-
  Rows of a profile in the same hours of the clock of the four weeks before a period. Arguments: from, until (SQL, UTC), time_zone (string).
  Returns: an SQL condition.
-#}
{% macro is_in_weeks_before(from, until, time_zone) %}
    {%- set ns = namespace(conditions=[]) -%}
    {%- set row = 'window_start' -%}
    {%- if time_zone != 'UTC' -%}
        {%- set row = ml_monitor.local_time(row, time_zone) -%}
        {%- set from = ml_monitor.local_time(from, time_zone) -%}
        {%- set until = ml_monitor.local_time(until, time_zone) -%}
    {%- endif -%}
    {%- for days in [7, 14, 21, 28] -%}
        {%- set start = ml_monitor.date_add('day', -days, from) -%}
        {%- set end = ml_monitor.date_add('day', -days, until) -%}
        {%- set ns.conditions = ns.conditions + [row ~ ' >= ' ~ start ~ ' and ' ~ row ~ ' < ' ~ end] -%}
    {%- endfor -%}
    {%- do return('(' ~ ns.conditions | join(' or ') ~ ')') -%}
{% endmacro %}

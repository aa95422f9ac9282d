{#-
  Raises everything that is wrong with the periods of a comparison at once.
  Arguments: spec, periods (dict side -> dict or name), by_segment (string, optional: the segment whose values are compared), column
    (string, optional: the only column that is compared).
-#}
{% macro check_periods(spec, periods, by_segment=none, column=none) %}
    {%- if not execute -%}{%- do return('') -%}{%- endif -%}
    {%- set keys = ['from', 'until', 'model_version'] + ([] if by_segment else ['segment']) -%}
    {%- set segments = spec.segments | map('string') | list -%}
    {%- set training = ['training'] if spec.reference and not by_segment else [] -%}
    {%- set names = training + ml_monitor.named_baselines()[1:] + spec.golden_periods | list -%}
    {%- set ns = namespace(faults=[]) -%}
    {%- for side, period in periods.items() -%}
        {%- if period is mapping -%}
            {%- set ns.faults = ns.faults + ml_monitor.period_faults(side, period, keys, segments) -%}
        {%- elif side != 'reference' or period not in names -%}
            {%- set or_name = ', or one of ' ~ names | join(', ') if side == 'reference' else '' -%}
            {%- set ns.faults = ns.faults + [side ~ ': found ' ~ period ~ '; allowed: a dict of ' ~ keys | join(', ') ~ or_name] -%}
        {%- elif period in ['previous', 'trailing', 'seasonal'] -%}
            {%- set given = periods.current if periods.current is mapping else {} -%}
            {%- set needed = ['from'] if period == 'trailing' else ['from', 'until'] -%}
            {%- for key in needed if not given[key] -%}
                {%- set ns.faults = ns.faults + ['reference: found ' ~ period ~ ' without current.' ~ key ~ '; allowed: ' ~ period
                    ~ ' where current has ' ~ needed | join(' and ')] -%}
            {%- endfor -%}
            {%- if period == 'seasonal' and ml_monitor.is_moment(given.from) and ml_monitor.is_moment(given.until) -%}
                {%- set length = ml_monitor.moment_of(given.until) - ml_monitor.moment_of(given.from) -%}
                {%- if length > modules.datetime.timedelta(days=7) -%}
                    {%- set ns.faults = ns.faults + ['reference: found seasonal of ' ~ given.from ~ ' to ' ~ given.until
                        ~ '; allowed: seasonal where current is a week or less'] -%}
                {%- endif -%}
            {%- endif -%}
        {%- endif -%}
    {%- endfor -%}
    {%- if by_segment and by_segment not in segments -%}
        {%- set ns.faults = ns.faults + ['segment: found ' ~ by_segment ~ '; allowed: ' ~ (segments | join(', ') or 'none declared')] -%}
    {%- endif -%}
    {%- if column is not none and not ml_monitor.compared_column(spec, column) -%}
        {%- set columns = ml_monitor.columns_to_compare(spec) | map(attribute='name') | join(', ') -%}
        {%- set ns.faults = ns.faults + ['column: found ' ~ column ~ '; allowed: ' ~ columns] -%}
    {%- endif -%}
    {%- if ns.faults -%}
        {%- do exceptions.raise_compiler_error('ml_monitor: cannot compare two periods of ' ~ spec.name ~ ':\n  ' ~ ns.faults | join('\n  ')
            ~ "\nWrite: {'from': '2013-07-01', 'until': '2013-07-08'}") -%}
    {%- endif -%}
{% endmacro %}


{#- The faults of one period. Arguments: side (string), period (dict), keys, segments (what is allowed). Returns: a list of texts. -#}
{% macro period_faults(side, period, keys, segments) %}
    {%- set ns = namespace(faults=[], are_moments=true) -%}
    {%- for key in period if key not in keys -%}
        {%- set ns.faults = ns.faults + [side ~ '.' ~ key ~ ': unknown key; allowed: ' ~ keys | join(', ')] -%}
    {%- endfor -%}
    {%- for key in ['from', 'until'] if period[key] and not ml_monitor.is_moment(period[key]) -%}
        {%- set ns.are_moments = false -%}
        {%- set ns.faults = ns.faults + [side ~ '.' ~ key ~ ': found ' ~ period[key]
            ~ '; allowed: a moment in UTC as 2013-07-01 or 2013-07-01 06:00:00'] -%}
    {%- endfor -%}
    {%- if ns.are_moments and period.from and period.until
        and ml_monitor.timestamp_text(period.from | string) >= ml_monitor.timestamp_text(period.until | string) -%}
        {%- set ns.faults = ns.faults + [side ~ ': found from ' ~ period.from ~ ' until ' ~ period.until
            ~ '; allowed: from before until'] -%}
    {%- endif -%}
    {%- set is_segment = period.segment is mapping and period.segment | length == 1 and (period.segment | list)[0] in segments -%}
    {%- if period.segment is defined and not is_segment -%}
        {%- set ns.faults = ns.faults + [side ~ '.segment: found ' ~ period.segment ~ '; allowed: one of '
            ~ (segments | join(', ') or 'none declared') ~ ' with a value'] -%}
    {%- endif -%}
    {%- do return(ns.faults) -%}
{% endmacro %}

{#-
  A maintenance window that comes again, as rows for the model that var ml_maintenance_windows names.

  Arguments: starts_at, ends_at (strings: the first window, UTC), every_days (int), until (string: no window begins at or after it, UTC),
    monitor (string [`*`]), reason (string ['']).
  Returns: a select of monitor, starts_at, ends_at, reason.
  Raises: a time that is none, a window that does not end after it starts, every_days below 1, more than 10,000 windows.
  Example: {{ "{{ ml_monitor.recurring_windows('2025-01-05 02:00:00', '2025-01-05 06:00:00', 7, '2026-01-01 00:00:00') }}" }}
-#}
{% macro recurring_windows(starts_at, ends_at, every_days, until, monitor='*', reason='') -%}
{%- set faults, moments = [], {} -%}
{%- for name, value in {'starts_at': starts_at, 'ends_at': ends_at, 'until': until}.items() -%}
    {%- if ml_monitor.is_moment(value | string) -%}
        {%- do moments.update({name: modules.datetime.datetime.fromisoformat(value | string)}) -%}
    {%- else -%}
        {%- do faults.append(name ~ ': found ' ~ value ~ '; allowed: a time in UTC') -%}
    {%- endif -%}
{%- endfor -%}
{%- if every_days is not integer or every_days < 1 -%}
    {%- do faults.append('every_days: found ' ~ every_days ~ '; allowed: a whole number, 1 or more') -%}
{%- endif -%}
{%- if not faults and moments.ends_at <= moments.starts_at -%}
    {%- do faults.append('ends_at: found ' ~ ends_at ~ '; allowed: a time after starts_at') -%}
{%- endif -%}
{%- set count = 0 if faults else ((moments.until - moments.starts_at).total_seconds() / 86400 / every_days) | round(0, 'ceil') | int -%}
{%- if not faults and (count < 1 or count > 10000) -%}
    {%- do faults.append('until: found ' ~ until ~ ', which makes ' ~ count ~ ' windows; allowed: 1 to 10000') -%}
{%- endif -%}
{%- if faults -%}
    {%- do exceptions.raise_compiler_error('ml_monitor: recurring_windows: ' ~ faults | join('; ')
        ~ "\nWrite: ml_monitor.recurring_windows('2025-01-05 02:00:00', '2025-01-05 06:00:00', 7, '2026-01-01 00:00:00')") -%}
{%- endif -%}
{%- set days = 'cast(' ~ every_days ~ ' * (generated_number - 1) as int)' -%}
select
    cast({{ ml_monitor.string_literal(monitor) }} as {{ ml_monitor.text_type() }}) as monitor,
    cast({{ ml_monitor.date_add('day', days, ml_monitor.timestamp_literal(starts_at | string)) }} as timestamp) as starts_at,
    cast({{ ml_monitor.date_add('day', days, ml_monitor.timestamp_literal(ends_at | string)) }} as timestamp) as ends_at,
    cast({{ ml_monitor.string_literal(reason) }} as {{ ml_monitor.text_type() }}) as reason
from ({{ ml_monitor.numbers_to(count) }}) as numbers
{%- endmacro %}

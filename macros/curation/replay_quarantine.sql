{#-
  run-operation: reads the hours of quarantined rows from staging again on the next dbt build, once their cause is mended where
  staging reads or in staging's own SQL.

      dbt run-operation replay_quarantine --args '{monitor: flight_delay, reason: invalid_score, from: 2013-08-06, until: 2013-08-07}'
      dbt build

  Rows that are good now count from then on, in their hours; those that are not stay in quarantine, and so does the record of when
  they were first seen. A source that sends corrected rows as new ones needs no replay, and neither does a changed declaration. Hours that
  staging no longer has in full stay as they were logged.

  Arguments: monitor (string), reason (string, optional: one ml_quarantine_reason), from, until (dates or UTC timestamps, optional:
    of ml_event_hour, until exclusive).
  Raises: a compiler error if the monitor is not listed or not built, the times are no times, or no row is in such a quarantine.
-#}
{% macro replay_quarantine(monitor, reason=none, from=none, until=none) %}
    {%- if execute -%}
        {%- if monitor not in ml_monitor.ml_monitors() -%}
            {%- do exceptions.raise_compiler_error('ml_monitor.replay_quarantine: no monitor ' ~ monitor ~ '; listed: '
                ~ ml_monitor.ml_monitors().keys() | join(', ')) -%}
        {%- endif -%}
        {%- for name, value in {'from': from, 'until': until}.items() if value is not none
            and not modules.re.match('^[0-9]{4}-[0-9]{2}-[0-9]{2}([ T][0-9]{2}:[0-9]{2}(:[0-9]{2})?Z?)?$', value | string) -%}
            {%- do exceptions.raise_compiler_error('ml_monitor.replay_quarantine: ' ~ name ~ ' is ' ~ value
                ~ '; allowed: a date or a timestamp. Write: {monitor: ' ~ monitor
                ~ ", from: '2013-08-06 15:00:00', until: '2013-08-06 17:00:00'}") -%}
        {%- endfor -%}
        {%- set log = ml_monitor.built_relation(monitor ~ '__inferences_log') -%}
        {%- set ns = namespace(conditions=["ml_row_state = 'quarantined'"]) -%}
        {%- if reason is not none -%}
            {%- set ns.conditions = ns.conditions + ['ml_quarantine_reason = ' ~ ml_monitor.string_literal(reason)] -%}{%- endif -%}
        {%- if from is not none -%}
            {%- set ns.conditions = ns.conditions + ['ml_event_hour >= '
            ~ ml_monitor.timestamp_literal(ml_monitor.timestamp_text(from | string))] -%}{%- endif -%}
        {%- if until is not none -%}
            {%- set ns.conditions = ns.conditions + ['ml_event_hour < '
            ~ ml_monitor.timestamp_literal(ml_monitor.timestamp_text(until | string))] -%}{%- endif -%}
        {%- set chosen = ns.conditions | join(' and ') -%}
        {%- set found = run_query('select count(*), count(distinct ml_ingest_hour) from ' ~ log ~ ' where ' ~ chosen).rows[0] -%}
        {%- if found[0] == 0 -%}
            {%- set reasons = run_query("select ml_quarantine_reason || ' (' || cast(count(*) as " ~ ml_monitor.text_type()
                ~ ") || ')' from " ~ log ~ " where ml_row_state = 'quarantined' group by ml_quarantine_reason"
                ~ ' order by ml_quarantine_reason').columns[0].values() -%}
            {%- do exceptions.raise_compiler_error('ml_monitor.replay_quarantine: no quarantined row of ' ~ monitor ~ ' with ' ~ chosen
                ~ '; there are: ' ~ (reasons | join(', ') or 'none')) -%}
        {%- endif -%}
        {%- set spec = ml_monitor.monitor_spec(monitor) -%}
        {%- set prediction_id = ml_monitor.role_column(spec.inferences, 'prediction_id') -%}
        {%- set event_time = ml_monitor.role_column(spec.inferences, 'event_time') -%}
        {%- set ingest_time = ml_monitor.role_column(spec.inferences, 'ingest_time') -%}
        {#-
          Another declaration hash is what makes a log read an hour again. A row is replaced by its key, so one that had none, and may
          have got one, must go first: if the hour will be read again, which staging must hold in full.
        -#}
        {%- call statement('replay_quarantine', auto_begin=true) -%}
update {{ log }}
set ml_declaration_hash = 'replay'
where ml_ingest_hour in (select ml_ingest_hour from {{ log }} where {{ chosen }});
delete from {{ log }}
where
    ml_declaration_hash = 'replay'
    and ml_row_state = 'quarantined'
    and {{ prediction_id }} is null
    and ml_ingest_hour in (
        select raw_hours.ml_ingest_hour
        from (
            select {{ ml_monitor.ingest_hour(event_time, ingest_time) }} as ml_ingest_hour, count(*) as row_count
            from {{ ml_monitor.built_relation('stg_' ~ monitor ~ '__inferences') }}
            {%- if ml_monitor.is_as_of_given() %}
            where {{ ml_monitor.known_at_as_of(event_time, ingest_time) }}
            {%- endif %}
            group by {{ ml_monitor.ingest_hour(event_time, ingest_time) }}
        ) as raw_hours
        inner join (
            select ml_ingest_hour, count(*) as row_count from {{ log }} group by ml_ingest_hour
        ) as logged_hours on raw_hours.ml_ingest_hour = logged_hours.ml_ingest_hour
        where raw_hours.row_count >= logged_hours.row_count
    )
        {%- endcall -%}
        {%- do adapter.commit() -%}
        {%- do print('ml_monitor  ' ~ monitor ~ ': ' ~ found[0] ~ ' quarantined rows; the next dbt build reads their ' ~ found[1]
            ~ ' ingest hours from staging again.') -%}
    {%- endif -%}
{% endmacro %}

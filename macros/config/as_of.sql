{#-
  The moment the tables speak of, as a SQL timestamp in UTC.

  The environment variable ML_AS_OF if given (a variable, not a var: `--vars` makes dbt parse everything again), else
  the start of the run. A literal, so that every model of a run agrees.
-#}
{% macro as_of() %}
    {%- do return(ml_monitor.timestamp_literal(ml_monitor.as_of_text())) -%}
{% endmacro %}


{#- The same moment as text, `2013-07-01 00:00:00`. -#}
{% macro as_of_text() %}
    {%- do return(ml_monitor.timestamp_text(ml_monitor.run_variable('ML_AS_OF') or run_started_at.strftime('%Y-%m-%d %H:%M:%S'))) -%}
{% endmacro %}


{#-
  An environment variable that is another one on every run, empty if not given. Read when SQL is made, not while dbt parses: dbt
  would parse all models again whenever it changed (1.4 s of a run of one monitor).
-#}
{% macro run_variable(name) %}
    {%- do return(env_var(name, '') if execute else '') -%}
{% endmacro %}


{#- True when ML_AS_OF is given: then rows that were ingested later do not exist yet. -#}
{% macro is_as_of_given() %}
    {%- do return(ml_monitor.run_variable('ML_AS_OF') != '') -%}
{% endmacro %}


{#-
  The hours of ingest to read again, as [from, to) in SQL: environment ML_REBUILD_FROM and ML_REBUILD_TO (UTC, whole hours;
  ML_REBUILD_TO defaults to as_of). None if neither is given.
  Raises: a compiler error if only ML_REBUILD_TO is.
-#}
{% macro rebuild_range() %}
    {%- if ml_monitor.run_variable('ML_REBUILD_FROM') == '' -%}
        {%- if ml_monitor.run_variable('ML_REBUILD_TO') -%}
            {%- do exceptions.raise_compiler_error('ml_monitor: environment variable ML_REBUILD_TO is '
                ~ ml_monitor.run_variable('ML_REBUILD_TO') ~ ', but ML_REBUILD_FROM is not given. '
                ~ 'Write: ML_REBUILD_FROM=2013-05-01T06:00:00 ML_REBUILD_TO=2013-05-01T08:00:00 dbt build') -%}
        {%- endif -%}
        {%- do return(none) -%}
    {%- endif -%}
    {%- set start = ml_monitor.timestamp_literal(ml_monitor.timestamp_text(ml_monitor.run_variable('ML_REBUILD_FROM'))) -%}
    {%- set end = ml_monitor.run_variable('ML_REBUILD_TO') -%}
    {%- do return([start, ml_monitor.timestamp_literal(ml_monitor.timestamp_text(end)) if end else ml_monitor.as_of()]) -%}
{% endmacro %}


{#- A timestamp of an environment variable as SQL writes it, without T and Z, and to the second, so that two of them compare as texts. -#}
{% macro timestamp_text(value) %}
    {%- set text = value.replace('T', ' ').replace('Z', '') -%}
    {%- do return(text ~ '0000-00-00 00:00:00'[text | length:]) -%}
{% endmacro %}


{#- Whether a text, or a date of YAML, is a moment in UTC such as 2013-07-01 or 2013-07-01 06:00:00, which must exist. -#}
{% macro is_moment(value) %}
    {%- set date = '^[12][0-9]{3}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])' -%}
    {%- set time = '([ T]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{1,6})?)?Z?)?\\Z' -%}
    {%- if not modules.re.match(date ~ time, value | string) -%}{%- do return(false) -%}{%- endif -%}
    {%- set year, month, day = (value | string)[:4] | int, (value | string)[5:7] | int, (value | string)[8:10] | int -%}
    {%- set next_month = modules.datetime.date(year + month // 12, month % 12 + 1, 1) -%}
    {%- do return(day <= (next_month - modules.datetime.date(year, month, 1)).days) -%}
{% endmacro %}


{#- A moment in UTC that is_moment takes, as a datetime. -#}
{% macro moment_of(value) %}
    {%- set text = ml_monitor.timestamp_text(value | string) -%}
    {%- do return(modules.datetime.datetime.strptime(text, '%Y-%m-%d %H:%M:%S.%f' if '.' in text else '%Y-%m-%d %H:%M:%S')) -%}
{% endmacro %}


{#-
  The day before which hourly counts are kept by day only (declared hourly_retention_days before as_of), as SQL; none if hours
  are kept for ever.
-#}
{% macro fold_before(spec) %}
    {%- if spec.hourly_retention_days is none -%}{%- do return(none) -%}{%- endif -%}
    {%- set today = ml_monitor.truncate('day', ml_monitor.as_of()) -%}
    {%- do return('cast(' ~ ml_monitor.date_add('day', -1 * (spec.hourly_retention_days | int), today) ~ ' as timestamp)') -%}
{% endmacro %}

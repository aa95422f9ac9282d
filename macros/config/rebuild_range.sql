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

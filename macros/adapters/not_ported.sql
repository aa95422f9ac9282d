{#-
  Stop, since an engine has no variant of a macro, and say how to write one: the only place that does. Every `default__` of this folder is
  either SQL that all engines of dbt read, or this.

  Arguments: name (string: of the macro), arguments (string: as in its signature).
  Raises: a compiler error.
-#}
{% macro not_ported(name, arguments='') %}
    {%- set variant = adapter.type() ~ '__' ~ name -%}
    {%- do exceptions.raise_compiler_error('not ported to ' ~ adapter.type() ~ ': ml_monitor.' ~ name
        ~ '\n   Write a macro ' ~ variant ~ ' in your own project that returns what macros/adapters/' ~ name
        ~ '.sql of ml_monitor says, and have it looked for there first:'
        ~ '\n       # macros/' ~ variant ~ '.sql'
        ~ '\n       {' ~ '% macro ' ~ variant ~ '(' ~ arguments ~ ') %' ~ '} ... {' ~ '% endmacro %' ~ '}'
        ~ '\n       # dbt_project.yml'
        ~ '\n       dispatch:'
        ~ '\n         - macro_namespace: ml_monitor'
        ~ '\n           search_order: [' ~ (project_name if project_name != 'ml_monitor' else 'your_project') ~ ', ml_monitor]') -%}
{% endmacro %}

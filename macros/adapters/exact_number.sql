{#-
  A number as a 64-bit float with the value that people read. A 32-bit 0.3 is 0.300000012 as a 64-bit float, above a declared maximum of 0.3
  and beside the 0.3 of a training set in 64 bits; so it goes by its text.

  Arguments: expression (SQL), type (string: its declared type; none asks the engine, where a test is given any column).
  Returns: SQL, 64-bit float.
-#}
{% macro exact_number(expression, type=none) %}
    {%- set by_text = ml_monitor.float64('cast(' ~ expression ~ ' as ' ~ ml_monitor.text_type() ~ ')') -%}
    {%- if type is none -%}{%- do return(ml_monitor.exact_number_of_any(expression, by_text)) -%}{%- endif -%}
    {%- do return(by_text if ml_monitor.type_name(type) == 'real' else ml_monitor.float64(expression)) -%}
{% endmacro %}

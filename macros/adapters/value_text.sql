{#-
  A value as text, equal for equal values: 1, 1.0 and, beside numbers, true and '1' are all `1`. So a category is the same in the log, the
  training set, the labels, the offline table and a declaration, whatever type each has it in.

  Arguments:
    expression (SQL), type (string: its declared type)
    classes (list of type_class): of all sides that the value is compared with. Texts and booleans are read as numbers only beside numbers,
      texts as booleans only beside booleans.
  Returns: SQL, text; NULL where the value is.
-#}
{% macro value_text(expression, type, classes=[]) %}
    {%- set class = ml_monitor.type_class(type) -%}
    {%- set text = 'cast(' ~ expression ~ ' as ' ~ ml_monitor.text_type() ~ ')' -%}
    {%- set beside_numbers = 'whole' in classes or 'number' in classes -%}
    {%- if class == 'number' -%}
        {%- do return(ml_monitor.number_as_text(ml_monitor.exact_number(expression, type))) -%}
    {%- elif class == 'boolean' and beside_numbers -%}
        {%- do return('case when ' ~ expression ~ " then '1' when not (" ~ expression ~ ") then '0' end") -%}
    {%- elif class == 'text' and (beside_numbers or 'boolean' in classes) -%}
        {%- set yes, no = ["'1'", "'0'"] if beside_numbers else ["'true'", "'false'"] -%}
        {%- set cases = [] -%}
        {%- if 'boolean' in classes -%}
            {%- set cases = ['when lower(' ~ expression ~ ") in ('true', '1') then " ~ yes,
                'when lower(' ~ expression ~ ") in ('false', '0') then " ~ no] -%}
        {%- endif -%}
        {%- if beside_numbers -%}
            {%- set number = ml_monitor.safe_cast(expression, 'double') -%}
            {%- set cases = cases + ['when ' ~ number ~ ' is not null then ' ~ ml_monitor.number_as_text(number)] -%}
        {%- endif -%}
        {%- do return('case ' ~ cases | join(' ') ~ ' else ' ~ text ~ ' end') -%}
    {%- endif -%}
    {%- do return(text) -%}
{% endmacro %}

{#-
  Whether a feature is named like the label: its name is that of the label up to case, underscores and quotes, or contains it. A label
  shorter than four letters, such as y, is part of many names and must be the whole of it.
  Arguments: name, label (strings). Returns: boolean.
-#}
{% macro is_label_like_name(name, label) %}
    {%- set bare = name.lower().replace('_', '').strip('"`') -%}
    {%- set bare_label = label.lower().replace('_', '').strip('"`') -%}
    {%- do return(bare == bare_label or (bare_label | length >= 4 and bare_label in bare)) -%}
{% endmacro %}

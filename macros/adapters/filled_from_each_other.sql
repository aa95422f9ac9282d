{#-
  Values none of which is NULL unless all are: in the place of a NULL comes the next that is none. The greatest and the least of them
  are those of the values that are not NULL.

  Arguments: values (list of SQL or numbers). Returns: list of SQL; literals stay as they are, and end the search.
-#}
{% macro filled_from_each_other(values) %}
    {%- set ns = namespace(filled=[]) -%}
    {%- for value in values -%}
        {%- set candidates = values[loop.index0:] + values[:loop.index0] -%}
        {%- set needed = namespace(values=[], is_certain=false) -%}
        {%- for candidate in candidates if not needed.is_certain -%}
            {%- set needed.values = needed.values + [candidate | string] -%}
            {%- set needed.is_certain = modules.re.match(
                "-?[0-9.]+(e[-+]?[0-9]+)?$|cast[(]('[^']*'|-?[0-9.]+(e[-+]?[0-9]+)?) as [a-z0-9 ]+[)]$", candidate | string
            ) is not none -%}
        {%- endfor -%}
        {%- set ns.filled = ns.filled + [needed.values[0] if needed.values | length == 1 else 'coalesce(' ~ needed.values | join(', ')
            ~ ')'] -%}
    {%- endfor -%}
    {%- do return(ns.filled) -%}
{% endmacro %}

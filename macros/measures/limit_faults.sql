{#-
  The faults of warn and fail of a generic test: none is given, not the form that the test takes, unknown names.
  Arguments: warn, fail (what the user wrote: a dict of limits, or none), names (list: limits that can apply), is_plain (boolean: the user
    wrote one number, which is now in a dict). Returns: a list of texts.
-#}
{% macro limit_faults(warn, fail, names, is_plain=false) %}
    {%- set ns = namespace(faults=[], unknown=[]) -%}
    {%- if (warn is none or warn == {}) and (fail is none or fail == {}) -%}
        {%- set ns.faults = ['no limit is given. Allowed: warn, fail'] -%}
    {%- endif -%}
    {%- for side, limits in [['warn', warn], ['fail', fail]] if limits is not none -%}
        {%- if limits is not mapping -%}
            {%- set ns.faults = ns.faults + [side ~ ' is ' ~ limits ~ '. Allowed: a dict of ' ~ names | join(', ') ~ ' to numbers'] -%}
        {%- else -%}
            {%- for name, limit in limits.items() if name not in ns.unknown -%}
                {%- if name not in names -%}
                    {%- set ns.unknown = ns.unknown + [name] -%}
                    {%- set ns.faults = ns.faults + ['unknown limit ' ~ name ~ '. Allowed with these arguments: ' ~ names | join(', ')] -%}
                {%- elif limit is not number or limit is boolean -%}
                    {%- set ns.faults = ns.faults + [side ~ ('' if is_plain else '.' ~ name) ~ ' is '
                        ~ (limit if limit is not none else 'nothing') ~ '. Allowed: a number'] -%}
                {%- endif -%}
            {%- endfor -%}
        {%- endif -%}
    {%- endfor -%}
    {%- do return(ns.faults) -%}
{% endmacro %}

{#- The end of the message of a finding: who acts on it, and the page of its gate. Arguments: spec. Returns: SQL. -#}
{% macro message_end(spec) %}
    {%- do return(ml_monitor.string_literal(' owner ' ~ (spec.owner or 'nobody') ~ ', docs/gates/') ~ " || category || '.md'") -%}
{% endmacro %}

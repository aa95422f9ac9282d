{#-
  The end of the message of a finding: who acts on it, and the page of its gate, in the folder or at the address of var ml_docs.
  Arguments: spec. Returns: SQL.
-#}
{% macro message_end(spec) %}
    {%- do return(ml_monitor.string_literal(' owner ' ~ (spec.owner or 'nobody') ~ ', ' ~ ml_monitor.setting('docs') ~ '/gates/')
        ~ " || category || '.md'") -%}
{% endmacro %}

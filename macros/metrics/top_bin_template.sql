{#-
  What moved most, for a message of PSI: `share of <bin> rose from 10.0 % to 20.0 %`; nothing without a bin.
  Arguments: bin (string: a column of texts, beside <bin>_reference_share and <bin>_current_share), before (string: what separates it from
    the text before). Returns: a template, see detail_text.
-#}
{% macro top_bin_template(bin, before='') %}
    {%- set was, now = bin ~ '_reference_share', bin ~ '_current_share' -%}
    {%- set direction = 'case when ' ~ now ~ ' < ' ~ was ~ " then 'fell' else 'rose' end" -%}
    {%- do return('[' ~ before ~ 'share of {' ~ bin ~ '} {' ~ direction ~ '} from {100 * ' ~ was ~ ':1} % to {100 * ' ~ now ~ ':1} %]') -%}
{% endmacro %}

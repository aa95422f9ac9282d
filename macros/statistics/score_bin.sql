{#- The bin of the score that a slot belongs to: a slot between two edges, and the one at its upper edge. Arguments: slot (SQL). -#}
{% macro score_bin(slot) %}{% do return('cast(floor(' ~ slot ~ ' / 2.0) as int)') %}{% endmacro %}

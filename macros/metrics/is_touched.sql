{#-
  Condition of an incremental run that a window must be written: it holds hours that were counted after the table was written, or it is not
  there yet under the present declaration.

  Arguments: declaration_hash (string), rows (SQL condition on the stored rows, alias `built`: those of a group; optional), windows (string:
    the alias of the windows, which have window_grain, window_start and ml_batch).
  Returns: SQL, two conditions joined by `or`.
-#}
{% macro is_touched(declaration_hash, rows=none, windows='windows') -%}
{{ windows }}.ml_batch > (select coalesce(max(built.ml_batch), 0) from {{ this }} as built{{ ' where ' ~ rows if rows }})
or not exists (
    select 1
    from {{ this }} as built
    where
        built.window_grain = {{ windows }}.window_grain
        and built.window_start = {{ windows }}.window_start
        and built.declaration_hash = '{{ declaration_hash }}'
        {%- if rows %}
        and {{ rows }}
        {%- endif %}
)
{%- endmacro %}

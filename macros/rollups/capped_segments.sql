{#-
  The values of segments that are too many to be counted by themselves, as the CTE `capped_segments` (ml_window, ml_segment,
  ml_value as in the log; the prefix because rules of the user are read beside them): all but the ml_segment_cap most frequent of a
  window, by rows of all versions; of two with as many rows the lesser value is kept. NULL is no value and never one of them. A window
  is always counted as a whole and from its own rows alone, so the split of the rows into runs does not matter.

  Arguments: spec, counts (relation with the window, segment_name, segment_value as in the log, and the count), count (SQL name),
    window (SQL name: `window_start` or `hour`), where (SQL, optional: the rows of counts to look at).
-#}
{% macro capped_segments(spec, counts, count, window, where=none) -%}
capped_segments as (

    select {{ window }} as ml_window, segment_name as ml_segment, segment_value as ml_value
    from (
        select
            {{ window }},
            segment_name,
            segment_value,
            row_number() over (partition by {{ window }}, segment_name order by sum({{ count }}) desc, segment_value) as value_rank
        from {{ counts }}
        where segment_value is not null{{ ' and ' ~ where if where }}
        group by {{ window }}, segment_name, segment_value
    ) as ranked
    where value_rank > {{ spec.settings.segment_cap }}

),
{%- endmacro %}

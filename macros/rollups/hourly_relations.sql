{#-
  Model <m>__hourly_relations: the sums from which the correlation, the joint table of thirds and the mean output per third of each pair of
  columns come that the part `relations` watches. Additive: any window or baseline is a sum of its rows.

  Rows are read once for up to five columns, which the ten pairs of the default are made of. They are grouped by the thirds that their
  values lie in, written as one number with a digit for each column; the pairs are summed from these few groups.
  A row counts for a pair if both values are finite. Each rebuilt hour has a row `__rows__` with its number of rows, 0 when it was
  emptied; days past the declared hourly_retention_days are folded into one.

  Arguments: monitor (string).
  Columns: hourly_relations_columns; z sums are of clipped standardised values (clipped_z), counts are by the thirds of column_a, then of
  column_b, output_ sums, where column_b is an output, of its standardised values, not clipped, by the third of column_a; else NULL.
-#}
{% macro hourly_relations(monitor) %}
    {{- ml_monitor.monitor_model(monitor, reads=['inferences_log', 'grid'], key='rebuild_key') -}}
    {%- if execute -%}{{ ml_monitor.hourly_relations_select(monitor) }}{%- endif -%}
{% endmacro %}


{#- The select of <m>__hourly_relations. Arguments: monitor (string). -#}
{% macro hourly_relations_select(monitor) %}
    {%- set spec = ml_monitor.monitor_spec(monitor) -%}
    {%- set declaration_hash = ml_monitor.declaration_hash(spec, 'hourly_relations') -%}
    {%- set grid = ref(monitor ~ '__grid') -%}
    {%- set log = ref(monitor ~ '__inferences_log') -%}
    {%- set blocks = ml_monitor.relation_blocks(spec.relations) -%}
    {%- set columns = blocks | map(attribute='columns') | sum(start=[]) | unique(attribute='name') | list -%}
    {%- set names = columns | map(attribute='name') | list -%}
    {%- set sums = ml_monitor.relation_sums() -%}
    {%- set counts = ml_monitor.joint_counts() -%}
    {%- set fold_before = ml_monitor.fold_before(spec) -%}
    {%- set text = ml_monitor.text_type() -%}
    {%- set head -%}
{{ ml_monitor.touched_hours([ml_monitor.hours_of_new_rows(log)], log, declaration_hash, fold_before) }}
    {%- endset -%}
{%- call ml_monitor.select_if_any('hourly_relations', monitor, head, 'touched_hours', asks=not fold_before) %}

hourly_rows {{ ml_monitor.as_inlined() }} (

    select
        log.ml_event_hour as hour,
        {{ ml_monitor.counted_window('log.ml_event_hour', fold_before) }} as window_start,
        {{ ml_monitor.logged_version(spec) }} as model_version
        {%- for column in columns %},
        {{ ml_monitor.exact_number('log.' ~ column.sql, column.data_type) }} as x_{{ loop.index }}
        {%- endfor %}
    from {{ ml_monitor.aliased(log, 'log') }}
    where
        log.ml_row_state = 'current'
        {%- if ml_monitor.is_incremental() %}
        and log.ml_event_hour in (select hour from touched_hours)
        {%- endif %}

),

-- The grid of all columns in one row.
grid_row as (

    select
        {%- for column in columns %}
        {%- set name = ml_monitor.string_literal(column.name) -%}
        {%- set edges = ml_monitor.third_edges(column.edges) %}
        max(case when column_name = {{ name }} then center end) as center_{{ loop.index }},
        max(case when column_name = {{ name }} then scale end) as scale_{{ loop.index }},
        max(case when column_name = {{ name }} then edge_{{ '%02d' % edges[0] }} end) as low_edge_{{ loop.index }},
        max(case when column_name = {{ name }} then edge_{{ '%02d' % edges[1] }} end) as high_edge_{{ loop.index }},
        {%- endfor %}
        count(*) as column_count
    from {{ grid }}

),
{% for block in blocks %}
{%- set numbers = [] -%}
{%- for column in block.columns -%}{%- do numbers.append(names.index(column.name) + 1) -%}{%- endfor %}
block_{{ loop.index }} as (

    select
        window_start,
        model_version,
        row_count,
        {%- for k in numbers %}
        z_sum_{{ k }},
        z_squared_sum_{{ k }},
        output_z_sum_{{ k }},
        (code % {{ 4 ** loop.index }} - code % {{ 4 ** loop.index0 }}) / {{ 4 ** loop.index0 }} as third_{{ k }},
        {%- endfor %}
        {%- for pair in block.pairs %}
        z_product_sum_{{ names.index(pair.column_a) + 1 }}_{{ names.index(pair.column_b) + 1 }}{{ ',' if not loop.last }}
        {%- endfor %}
    from (
        select
            window_start,
            model_version,
            code,
            count(*) as row_count,
            {%- for k in numbers %}
            sum(clipped_z_{{ k }}) as z_sum_{{ k }},
            sum(clipped_z_{{ k }} * clipped_z_{{ k }}) as z_squared_sum_{{ k }},
            {{ 'sum(z_' ~ k ~ ')' if block.pairs | selectattr('has_output') | selectattr('column_b', 'equalto', names[k - 1]) | list
                else ml_monitor.float64('null') }} as output_z_sum_{{ k }},
            {%- endfor %}
            {%- for pair in block.pairs %}
            {%- set a = names.index(pair.column_a) + 1 -%}
            {%- set b = names.index(pair.column_b) + 1 %}
            sum(clipped_z_{{ a }} * clipped_z_{{ b }}) as z_product_sum_{{ a }}_{{ b }}{{ ',' if not loop.last }}
            {%- endfor %}
        from (
            select
                window_start,
                model_version,
                {%- for k in numbers %}
                z_{{ k }},
                {{ ml_monitor.clipped_z('z_' ~ k) }} as clipped_z_{{ k }},
                {%- endfor %}
                cast(
                    {%- for k in numbers %}
                    {{ '+ ' if not loop.first }}{{ 4 ** loop.index0 }} * {{ ml_monitor.third_of_grid('x_' ~ k, 'z_' ~ k, 'low_edge_' ~ k,
                        'high_edge_' ~ k) }}
                    {%- endfor %}
                    as int
                ) as code
            from (
                select
                    r.window_start,
                    r.model_version
                    {%- for k in numbers %},
                    r.x_{{ k }},
                    g.low_edge_{{ k }},
                    g.high_edge_{{ k }},
                    {{ ml_monitor.standardised('r.x_' ~ k, 'g.center_' ~ k, 'g.scale_' ~ k) }} as z_{{ k }}
                    {%- endfor %}
                from hourly_rows as r
                cross join grid_row as g
            ) as standardised
        ) as placed
        group by window_start, model_version, code
    ) as grouped

),
{% endfor %}
{{ ml_monitor.hour_markers('hourly_rows', ['hour', 'day'] if fold_before else ['hour']) }}

counts as (

    select
        window_grain,
        window_start,
        cast('__all__' as {{ text }}) as model_version,
        '__rows__' as column_a,
        '__rows__' as column_b,
        row_count
        {%- for name in sums[1:] %},
        {{ ml_monitor.float64('null') if name.startswith('output_') else 0 }} as {{ name }}
        {%- endfor %}
    from markers
    {%- for block in blocks %}
    {%- set block_number = loop.index %}
    {%- for pair in block.pairs %}
    {%- set a = names.index(pair.column_a) + 1 -%}
    {%- set b = names.index(pair.column_b) + 1 %}
    union all
    select
        {{ ml_monitor.counted_grain('window_start', fold_before) }} as window_grain,
        window_start,
        {{ ml_monitor.version_name(spec, 'model_version') }} as model_version,
        {{ ml_monitor.string_literal(pair.column_a) }} as column_a,
        {{ ml_monitor.string_literal(pair.column_b) }} as column_b,
        sum(row_count) as row_count,
        sum(z_sum_{{ a }}) as z_sum_a,
        sum(z_sum_{{ b }}) as z_sum_b,
        sum(z_squared_sum_{{ a }}) as z_squared_sum_a,
        sum(z_squared_sum_{{ b }}) as z_squared_sum_b,
        sum(z_product_sum_{{ a }}_{{ b }}) as z_product_sum,
        {%- for name in counts %}
        sum(case when third_{{ a }} = {{ loop.index0 // 3 }} and third_{{ b }} = {{ loop.index0 % 3 }} then row_count else 0 end)
            as {{ name }},
        {%- endfor %}
        {%- for third in ml_monitor.thirds() %}
        {{ 'coalesce(sum(case when third_' ~ a ~ ' = ' ~ loop.index0 ~ ' then output_z_sum_' ~ b ~ ' end), 0)' if pair.has_output
            else ml_monitor.float64('null') }} as output_{{ third }}_z_sum{{ ',' if not loop.last }}
        {%- endfor %}
    from block_{{ block_number }}
    where third_{{ a }} < 3 and third_{{ b }} < 3
    group by window_start, model_version
    {%- endfor %}
    {%- endfor %}

),

{{ ml_monitor.rollup_end(spec, 'hourly_relations', 'counts', sums, "column_a = '__rows__'") }}
{%- endcall %}
{% endmacro %}


{#-
  The pairs in blocks of at most five columns, each of which is one pass over the rows: a block groups them by up to 3 to the power
  of its columns.
  Arguments: relations (list of declared_relations). Returns: list of dicts pairs (of relations), columns (dicts name, sql, edges).
-#}
{% macro relation_blocks(relations) %}
    {%- set blocks = [] -%}
    {%- for pair in relations -%}
        {%- set ns = namespace(block=none) -%}
        {%- for block in blocks -%}
            {%- set known = block.columns | map(attribute='name') | list -%}
            {%- if ns.block is none and block.columns | length + [pair.column_a, pair.column_b] | reject('in',
                known) | list | length <= 5 -%}{%- set ns.block = block -%}{%- endif -%}
        {%- endfor -%}
        {%- if ns.block is none -%}
            {%- set ns.block = {'pairs': [], 'columns': []} -%}
            {%- do blocks.append(ns.block) -%}
        {%- endif -%}
        {%- do ns.block.pairs.append(pair) -%}
        {%- for column in [pair.a, pair.b] if column.name not in ns.block.columns | map(attribute='name') -%}
            {%- do ns.block.columns.append(column) -%}{%- endfor -%}
    {%- endfor -%}
    {%- do return(blocks) -%}
{% endmacro %}


{#- The columns of <m>__hourly_relations. -#}
{% macro hourly_relations_columns() %}
    {%- set columns = ml_monitor.listed_columns([
        'window_grain', 'window_start',
        ['model_version', 'Model version; `__none__` if the monitor logs none, `__null__` where it is NULL, `__all__` only for the rows '
            'that keep an hour known.'],
        ['column_a', 'string', 'First column of the pair; `__rows__` for the rows that keep an hour known.'],
        ['column_b', 'string', 'Second column; the output, if one of the two is. `__rows__` for the rows that keep an hour known.'],
        ['row_count', 'Current rows with both values finite; all current rows for `__rows__`.'],
        ['z_sum_a', 'double', 'Sum of the clipped standardised values of column_a, without unit.'],
        ['z_sum_b', 'double', 'Sum of the clipped standardised values of column_b, without unit.'],
        ['z_squared_sum_a', 'double', 'Sum of the squares of those of column_a, without unit.'],
        ['z_squared_sum_b', 'double', 'Sum of the squares of those of column_b, without unit.'],
        ['z_product_sum', 'double', 'Sum of the products of the two, without unit.'],
    ]) -%}
    {%- for name in ml_monitor.joint_counts() -%}
        {%- do columns.append([name, 'bigint', 'Rows with column_a ' ~ name.split('_')[0] ~ ' and column_b ' ~ name.split('_')[1]
            ~ ' by the frozen grid: low is at or below its third decile, high above its seventh.']) -%}
    {%- endfor -%}
    {%- for third in ml_monitor.thirds() -%}
        {%- do columns.append(['output_' ~ third ~ '_z_sum', 'double',
            'Sum of the standardised values of column_b, not clipped, where column_a is '
            ~ third ~ '; NULL if column_b is no output.']) -%}
    {%- endfor -%}
    {%- do return(columns + ml_monitor.listed_columns(['rebuild_key', 'declaration_hash', 'ml_batch'])) -%}
{% endmacro %}

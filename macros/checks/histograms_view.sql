{#-
  Model ml_histograms: how the values of each monitored column are spread over the bins of its grid, by day and segment, beside the
  serving baseline and the training set. Sums of the rollups; nothing is stored.

  Bins are those that drift is measured on, before rare ones are pooled. Scores and predictions are counted by version, as in ml_drift;
  all other columns over all versions. Of personal columns only the number of the bin is shown.

  Columns: ml_histograms_columns.
-#}
{% macro histograms_view() %}
    {{- config(materialized='view') -}}
    {%- if not execute -%}
        {%- for monitor in ml_monitor.ml_monitors() -%}
            {%- do ref(project_name, monitor ~ '__hourly_profile') -%}
            {%- do ref(project_name, monitor ~ '__grid') -%}
            {%- do ref(project_name, monitor ~ '__baseline_windows') -%}
            {%- if ml_monitor.has_part(monitor, 'reference') -%}{%- do ref(project_name, monitor ~ '__reference_profile') -%}{%- endif -%}
            {%- do ml_monitor.expected_changes(monitor) -%}
        {%- endfor -%}
    {%- else -%}
-- ml_monitor.histograms_view()
{%- for monitor in ml_monitor.monitors_with('hourly_profile') %}
select
    {{ model.columns.keys() | join(',\n    ') }}
from (
    {{ ml_monitor.histograms_select(monitor) | indent(4) }}
) as histograms_of_{{ monitor }}
{%- if not loop.last %}
union all
{%- endif %}
{%- else %}
{{ ml_monitor.no_rows() }}
{%- endfor %}
    {%- endif -%}
{% endmacro %}


{#- The rows of ml_histograms of one monitor. Arguments: monitor (string). Returns: a select. -#}
{% macro histograms_select(monitor) %}
    {%- set spec = ml_monitor.monitor_spec(monitor) -%}
    {%- set columns = ml_monitor.monitored_columns(spec) -%}
    {%- set personal = columns | selectattr('personal') | map(attribute='name') | list -%}
    {%- set profile, grid = ref(monitor ~ '__hourly_profile'), ref(monitor ~ '__grid') -%}
    {%- set changes = ml_monitor.has_expected_changes() -%}
    {%- set declared = 'dated_columns' if changes else 'declared_columns' -%}
    {%- set day = ml_monitor.truncate('day', 'p.window_start') -%}
    {%- set version = "case when c.version_scope = 'version' then p.model_version else '__all__' end" -%}
    {%- set series = ['model_version', 'segment_name', 'segment_value', 'column_name', 'column_kind']
        + (['baseline_since'] if changes else []) -%}
    {%- set text = ml_monitor.text_type() -%}
    {%- set infinity = ml_monitor.float64("'Infinity'") -%}
    {%- set edge = 'floor((s.slot - 1) / 2.0)' -%}
    {%- set is_shown = "s.column_kind = 'numeric' and s.slot >= 0"
        ~ (' and s.column_name not in (' ~ ml_monitor.string_list(personal) ~ ')' if personal else '') -%}
with

declared_columns as (
    {{ ml_monitor.declared_columns_values(columns) }}
),

{% if changes -%}
{{ ml_monitor.dated_columns(monitor) }}

{% endif -%}
{{ ml_monitor.baseline_days(ref(monitor ~ '__baseline_windows'), has_changes=changes) }}

day_counts {{ ml_monitor.as_inlined() }} (

    select
        {{ version }} as model_version,
        p.segment_name,
        p.segment_value,
        c.column_name,
        c.column_kind,
        {%- if changes %}
        c.baseline_since,
        {%- endif %}
        {{ day }} as day,
        p.slot,
        sum(p.row_count) as row_count
    from {{ ml_monitor.aliased(profile, 'p') }}
    inner join {{ declared }} as c
        on
            p.column_name = c.column_name
            {%- if changes %}
            and p.window_start >= c.baseline_since
            and p.window_start < c.baseline_until
            {%- endif %}
    group by {{ version }}, p.segment_name, p.segment_value, c.column_name, c.column_kind,
        {{ 'c.baseline_since, ' if changes }}{{ day }}, p.slot

),

series_days as (

    select distinct {{ series | join(', ') }}, day from day_counts

),

baseline_counts as (

    select d.{{ series | join(', d.') }}, d.slot, sum(d.row_count) as row_count
    from day_counts as d
    inner join baseline_days as b on d.day = b.window_start and d.model_version = b.model_version
        {{- ' and d.baseline_since = b.baseline_since' if changes }}
    group by d.{{ series | join(', d.') }}, d.slot

),

all_counts as (

    select {{ series | join(', ') }}, day, slot, row_count, 0 as baseline_rows, 0 as reference_rows
    from day_counts
    union all
    select s.{{ series | join(', s.') }}, s.day, b.slot, 0 as row_count, b.row_count as baseline_rows, 0 as reference_rows
    from series_days as s
    inner join baseline_counts as b
        on {% for name in series %}s.{{ name }} = b.{{ name }}{{ ' and ' if not loop.last }}{% endfor %}
    {%- if ml_monitor.has_part(monitor, 'reference') %}
    union all
    select s.{{ series | join(', s.') }}, s.day, p.slot, 0 as row_count, 0 as baseline_rows, p.row_count as reference_rows
    from series_days as s
    inner join declared_columns as c on s.column_name = c.column_name
    inner join {{ ml_monitor.aliased(ref(monitor ~ '__reference_profile'), 'p') }}
        on
            s.column_name = p.column_name
            and s.segment_name = '__all__'
            and p.rebuild_key = 'profile'
            and (c.version_scope = 'all' or p.model_version = s.model_version)
    {%- endif %}

),

slots as (

    select
        {{ series | join(', ') }}, day, slot,
        sum(row_count) as row_count,
        sum(baseline_rows) as baseline_rows,
        sum(reference_rows) as reference_rows
    from all_counts
    group by {{ series | join(', ') }}, day, slot

),

{{ ml_monitor.bin_labels(spec) }}

-- The edges below and above each bin of a number: bin 2k + 1 equals edge k, bin 2k + 2 is above it, and bin 0 is below the first.
edged as (

    select
        s.*,
        case when s.slot < 0 then null when s.slot = 0 and s.column_kind = 'categorical' then -99 else s.slot end as label_bin,
        case when {{ is_shown }} and s.slot > 0 then {{ ml_monitor.edge_of_number('g', edge) | indent(8) }} end as bin_low,
        case when {{ is_shown }} then case
            when {{ ml_monitor.modulo('s.slot', 2) }} = 1 then {{ ml_monitor.edge_of_number('g', edge) | indent(8) }}
            else {{ ml_monitor.edge_of_number('g', '(s.slot / 2.0)') | indent(8) }}
        end end as bin_high
    from slots as s
    left join {{ ml_monitor.aliased(grid, 'g') }} on s.column_name = g.column_name and g.category is null

),

final as (

    select
        cast('{{ monitor }}' as {{ text }}) as monitor,
        cast('day' as {{ text }}) as window_grain,
        cast(e.day as timestamp) as window_start,
        cast({{ ml_monitor.date_add('day', 1, 'e.day') }} as timestamp) as window_end,
        cast(e.model_version as {{ text }}) as model_version,
        cast(e.segment_name as {{ text }}) as segment_name,
        cast(e.segment_value as {{ text }}) as segment_value,
        cast(e.column_name as {{ text }}) as column_name,
        cast(e.column_kind as {{ text }}) as column_kind,
        cast(e.slot as int) as bin,
        cast(case
            when e.slot = -1 then 'null'
            when e.slot = -2 then 'nan'
            when e.slot < -2 then 'infinite'
            when e.column_kind = 'categorical' and e.slot = 0 then 'other'
            when e.column_kind = 'categorical' then 'category'
            when {{ ml_monitor.modulo('e.slot', 2) }} = 1 then 'value'
            else 'range'
        end as {{ text }}) as bin_kind,
        cast(case
            when e.slot = -1 then 'null'
            when e.slot = -2 then 'NaN'
            when e.slot = -3 then 'minus infinity'
            when e.slot = -4 then 'plus infinity'
            else {{ ml_monitor.bin_text(spec, 'e.column_name', 'bin_labels.label', 'e.label_bin') }}
        end as {{ text }}) as bin_label,
        e.bin_low,
        case when e.bin_high < {{ infinity }} then e.bin_high end as bin_high,
        cast(e.row_count as bigint) as row_count,
        cast(e.baseline_rows as bigint) as baseline_rows,
        cast(e.reference_rows as bigint) as reference_rows
    from edged as e
    left join bin_labels on e.column_name = bin_labels.column_name and e.label_bin = bin_labels.bin

)

select * from final
{%- endmacro %}


{#- The columns of ml_histograms. -#}
{% macro ml_histograms_columns() %}
    {%- do return(ml_monitor.listed_columns([
        'monitor',
        ['window_grain', 'Always day.'],
        'window_start', 'window_end',
        ['model_version', 'Model version of scores, predictions and proxies; `__all__` for the other columns, which are counted over all '
            'versions.'],
        'segment_name', 'segment_value', 'column_name', 'column_kind',
        ['bin', 'int', 'Numeric: twice the edges of the grid below the values, plus 1 if they equal an edge. Categorical: rank of the '
            'category, 0 for all that are not in the grid. Both: -1 is NULL, -2 NaN, -3 and -4 minus and plus infinity.'],
        ['bin_kind', 'string', 'range, value, category, other (all categories that are not in the grid), null, nan or infinite.'],
        ['bin_label', 'string', 'What the bin holds, in words and with the declared unit; the number of the bin of personal columns.'],
        ['bin_low', 'double', 'Lower edge in the unit of the column, of a value the value itself; NULL below the first edge, of '
            'categories and of personal columns.'],
        ['bin_high', 'double', 'Upper edge in the unit of the column, of a value the value itself; NULL above the last edge, of '
            'categories and of personal columns.'],
        ['row_count', 'Current rows of the day in the bin, also of a day that has not ended.'],
        ['baseline_rows', 'bigint', 'Rows of the days of the serving baseline in the bin; 0 without a baseline.'],
        ['reference_rows', 'bigint', 'Rows of the training set in the bin; 0 without one, and for segments.'],
    ])) -%}
{% endmacro %}

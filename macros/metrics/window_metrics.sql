{#-
  Model <m>__window_metrics: what is known of a window from sums of small hourly rollups: volume, freshness, join cardinality,
  reconciliation and the quality score. Each is a group of rows with columns of its own; the columns of other groups are NULL.

  A group keeps its own declaration hash and finds its own windows to write; the name of the group is part of rebuild_key. People read the
  groups as ml_volume, ml_freshness, ml_join_cardinality, ml_reconciliation and ml_quality_score.

  Arguments: monitor (string).
  Columns: window_metrics_columns.
-#}
{% macro window_metrics(monitor) %}
    {{- ml_monitor.monitor_model(monitor, reads=[
        'hourly_volume', 'baseline_windows', 'hourly_profile', 'hourly_joins', 'inferences_log', 'stg_counts', 'stg_registry',
            'data_quality',
        'labels_log', 'expected_changes',
    ], key='rebuild_key', access='public') -}}
    {%- if execute -%}{{ ml_monitor.window_metrics_select(monitor) }}{%- endif -%}
{% endmacro %}


{#- The select of <m>__window_metrics. Arguments: monitor (string). -#}
{% macro window_metrics_select(monitor) %}
    {%- set spec = ml_monitor.monitor_spec(monitor) -%}
    {#- A group -> the CTE that holds its windows to write. -#}
    {%- set groups = {'volume': 'volume_windows', 'freshness': 'freshness_windows', 'quality_score': 'quality_hours'} -%}
    {%- for group in ['join_cardinality', 'reconciliation'] if ml_monitor.has_table(monitor, group) -%}
        {%- do groups.update({group: group ~ '_windows'}) -%}
    {%- endfor -%}
    {#- The SQL of reconciliation differs between first and later runs. -#}
    {%- set hashes = {} -%}
    {%- for group in groups if group != 'reconciliation' -%}
        {%- do hashes.update({ml_monitor.declaration_hash(spec, group): [group]}) -%}
    {%- endfor -%}
    {%- set head -%}
{{ ml_monitor.rollup_windows(
    ref(monitor ~ '__hourly_volume'), 'current_rows', ['hour', 'day'], "model_version = '__all__' and segment_name = '__all__'"
) }}

{{ ml_monitor.volume_windows(spec) }}

{{ ml_monitor.freshness_windows(spec) }}

{% if 'join_cardinality' in groups -%}
{{ ml_monitor.join_cardinality_windows(spec) }}

{% endif -%}
{% if 'reconciliation' in groups -%}
{{ ml_monitor.reconciliation_windows(spec) }}

{% endif -%}
{{ ml_monitor.quality_score_windows(spec) }}

written_groups as (
    {% for group, windows in groups.items() %}
    select '{{ group }}' as metric_group from {{ windows }}{{ ' union all' if not loop.last }}
    {%- endfor %}

),
    {%- endset -%}
{%- call ml_monitor.select_if_any('window_metrics', monitor, head, 'written_groups', hashes=hashes) %}

volume as (

    {{ ml_monitor.volume_select(spec) | indent(4) }}

),

freshness as (

    {{ ml_monitor.freshness_select(spec) | indent(4) }}

),

{% if 'join_cardinality' in groups -%}
join_cardinality as (

    {{ ml_monitor.join_cardinality_select(spec) | indent(4) }}

),

{% endif -%}
{% if 'reconciliation' in groups -%}
reconciliation as (

    {{ ml_monitor.reconciliation_select(spec) | indent(4) }}

),

{% endif -%}
quality_score as (

    {{ ml_monitor.quality_score_select(spec) | indent(4) }}

),

final as (

    {% for group in groups -%}
    select * from {{ group }}
    {%- if not loop.last %}
    union all
    {% endif %}
    {%- endfor %}

)

select * from final
{%- endcall %}
{% endmacro %}


{#- The columns of <m>__window_metrics: those of its groups, each once, by their first description. -#}
{% macro window_metrics_columns() %}
    {%- set columns = {
        'window_metric_id': ['window_metric_id', 'string',
            'md5 of what the row stands for within its group, `<group>_id` in the view of the group.'],
        'metric_group': ['metric_group', 'string', 'volume, freshness, join_cardinality, reconciliation or quality_score.'],
    } -%}
    {%- for group in [
        ml_monitor.volume_columns(), ml_monitor.freshness_columns(), ml_monitor.join_cardinality_columns(),
        ml_monitor.reconciliation_columns(), ml_monitor.quality_score_columns(),
    ] -%}
        {%- for column in group[1:] if column[0] not in columns -%}{%- do columns.update({column[0]: column}) -%}{%- endfor -%}
    {%- endfor -%}
    {%- do return(columns.values() | list) -%}
{% endmacro %}

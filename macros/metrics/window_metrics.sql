{#-
  Model <m>__window_metrics: what is known of a window from sums of small hourly rollups: volume, freshness, join cardinality, reconciliation
  and the quality score. Each is a group of rows with columns of its own; the columns of other groups are NULL.

  A group keeps its own declaration hash and finds its own windows to write; the name of the group is part of rebuild_key. People read the groups
  as ml_volume, ml_freshness, ml_join_cardinality, ml_reconciliation and ml_quality_score.

  Arguments: monitor (string).
  Columns: window_metrics_columns.
-#}
{% macro window_metrics(monitor) %}
    {{- ml_monitor.monitor_model(monitor, reads=[
        'hourly_volume', 'baseline_windows', 'hourly_profile', 'hourly_joins', 'inferences_log', 'stg_counts', 'stg_registry', 'data_quality', 'labels_log',
    ], key='rebuild_key', access='public') -}}
    {%- if execute -%}{{ ml_monitor.window_metrics_select(monitor) }}{%- endif -%}
{% endmacro %}


{#- The select of <m>__window_metrics. Arguments: monitor (string). -#}
{% macro window_metrics_select(monitor) %}
    {%- set groups = ml_monitor.window_groups(monitor) -%}
    {%- set text = ml_monitor.text_type() -%}
    {%- set head -%}
{{ ml_monitor.rollup_windows(ref(monitor ~ '__hourly_volume'), 'current_rows', ['hour', 'day'], "model_version = '__all__' and segment_name = '__all__'") }}

{{ ml_monitor.volume_windows(monitor) }}

{{ ml_monitor.freshness_windows(monitor) }}

{% if 'join_cardinality' in groups -%}
{{ ml_monitor.join_cardinality_windows(monitor) }}

{% endif -%}
{% if 'reconciliation' in groups -%}
{{ ml_monitor.reconciliation_windows(monitor) }}

{% endif -%}
{{ ml_monitor.quality_score_windows(monitor) }}

written_groups as (
    {% for group, windows in groups.items() %}
    select '{{ group }}' as metric_group from {{ windows }}{{ ' union all' if not loop.last }}
    {%- endfor %}

),
    {%- endset -%}
{%- call ml_monitor.select_if_any('window_metrics', monitor, head, 'written_groups') %}
volume as (

    {{ ml_monitor.volume_select(monitor) | indent(4) }}

),

freshness as (

    {{ ml_monitor.freshness_select(monitor) | indent(4) }}

),

{% if 'join_cardinality' in groups -%}
join_cardinality as (

    {{ ml_monitor.join_cardinality_select(monitor) | indent(4) }}

),

{% endif -%}
{% if 'reconciliation' in groups -%}
reconciliation as (

    {{ ml_monitor.reconciliation_select(monitor) | indent(4) }}

),

{% endif -%}
quality_score as (

    {{ ml_monitor.quality_score_select(monitor) | indent(4) }}

),

final as (
    {% for group in groups %}
    {%- set own = ml_monitor.table_columns(group) | map('first') | list %}
    select
        {%- for name, type, description in ml_monitor.window_metrics_columns() %}
        {%- set source = group ~ '_id' if name == 'window_metric_id' else name %}
        {%- set value = "'" ~ group ~ "'" if name == 'metric_group' else "'" ~ group ~ " ' || rebuild_key" if name == 'rebuild_key' else source if source in own else 'null' %}
        cast({{ value }} as {{ ml_monitor.sql_type(type) }}) as {{ name }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ group }}
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}

)

select * from final
{%- endcall %}
{% endmacro %}


{#-
  The groups of a monitor's window metrics, with the CTE that holds the windows of each to write.
  Arguments: monitor (string). Returns: dict of group -> CTE name.
-#}
{% macro window_groups(monitor) %}
    {%- set groups = {'volume': 'volume_windows', 'freshness': 'freshness_windows'} -%}
    {%- for group in ['join_cardinality', 'reconciliation'] if ml_monitor.has_table(monitor, group) -%}
        {%- do groups.update({group: group ~ '_windows'}) -%}
    {%- endfor -%}
    {%- do groups.update({'quality_score': 'quality_hours'}) -%}
    {%- do return(groups) -%}
{% endmacro %}


{#- The stored rows of a group of the model's own table, as a subquery. Arguments: group (string). Returns: SQL. -#}
{% macro built_group(group) %}
    {%- do return('(select * from ' ~ this ~ " where metric_group = '" ~ group ~ "')") -%}
{% endmacro %}


{#- The columns of <m>__window_metrics: those of its groups, each once, by their first description. -#}
{% macro window_metrics_columns() %}
    {%- set columns = {
        'window_metric_id': ['window_metric_id', 'string', 'md5 of what the row stands for within its group, `<group>_id` in the view of the group.'],
        'metric_group': ['metric_group', 'string', 'volume, freshness, join_cardinality, reconciliation or quality_score.'],
    } -%}
    {%- for group in [ml_monitor.volume_columns(), ml_monitor.freshness_columns(), ml_monitor.join_cardinality_columns(), ml_monitor.reconciliation_columns(), ml_monitor.quality_score_columns()] -%}
        {%- for column in group[1:] if column[0] not in columns -%}{%- do columns.update({column[0]: column}) -%}{%- endfor -%}
    {%- endfor -%}
    {%- do return(columns.values() | list) -%}
{% endmacro %}

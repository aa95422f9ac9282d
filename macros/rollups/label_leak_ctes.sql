{#- The CTEs of the group `leak` from its head to `found_leaks`. Arguments: monitor (string). -#}
{% macro label_leak_ctes(monitor) -%}
    {%- set spec = ml_monitor.monitor_spec(monitor) -%}
    {%- set features = ml_monitor.told_features(spec) -%}
    {%- set ns = namespace(names=[], categorical=[]) -%}
    {%- for column in features -%}
        {%- set ns.names = ns.names + ['feature_' ~ loop.index] -%}
        {%- if column.kind == 'categorical' -%}{%- set ns.categorical = ns.categorical + ['feature_' ~ loop.index] -%}{%- endif -%}
    {%- endfor -%}
{% if features -%}
-- Equal rows are told apart by a number, so that a sample has its part of them.
numbered as (

    select
        training_rows.*,
        count(*) over () as row_count,
        row_number() over (partition by content order by content) as copy_number
    from training_rows

),

sampled as (

    select *
    from numbered
    where row_count <= 50000 or abs({{ ml_monitor.modulo(ml_monitor.row_hash(['content', 'copy_number']),
        1000000) }}) < 1000000 * (50000.0 / row_count)

),

associations as (

    {{ ml_monitor.label_association('sampled', 'label_value', ns.names, ns.categorical, 'numeric' if spec.task == 'regression'
        else 'binary', ['model_version']) | indent(4) }}

),

{% endif -%}
found_leaks as (

    select '__all__' as model_version, '__rows__' as column_name, row_count, 0 as value_count, 0 as label_count, null as label_association
    from changed_training_set
    {%- if features %}
    union all
    select
        model_version,
        case feature
            {%- for column in features %}
            when 'feature_{{ loop.index }}' then {{ ml_monitor.string_literal(column.name) }}
            {%- endfor %}
        end as column_name,
        row_count,
        value_count,
        label_count,
        label_association
    from associations
    {%- endif %}

),
{%- endmacro %}

{#-
  Model <m>__hourly_outcomes: predictions by the hour they were made in, with the outcomes known so far. A label changes
  the hour of its prediction, however late it comes.

  Arguments: monitor (string).
  Columns: hourly_outcomes_columns.
-#}
{% macro hourly_outcomes(monitor) %}
    {{- ml_monitor.monitor_model(monitor, reads=['inferences_log', 'labels_log', 'grid'], key='rebuild_key') -}}
    {%- if execute -%}{{ ml_monitor.hourly_outcomes_select(monitor) }}{%- endif -%}
{% endmacro %}


{#- The select of <m>__hourly_outcomes. Arguments: monitor (string). -#}
{% macro hourly_outcomes_select(monitor) %}
    {%- set spec = ml_monitor.monitor_spec(monitor) -%}
    {%- set declaration_hash = ml_monitor.declaration_hash(spec, 'hourly_outcomes') -%}
    {%- set log = ref(monitor ~ '__inferences_log') -%}
    {%- set labels_log = ref(monitor ~ '__labels_log') -%}
    {%- set grid = ref(monitor ~ '__grid') -%}
    {%- set prediction_id = ml_monitor.role_column(spec.inferences, 'prediction_id') -%}
    {%- set label_id = ml_monitor.role_column(spec.labels, 'prediction_id') -%}
    {%- set label = ml_monitor.role_column(spec.labels, 'label') -%}
    {%- set score = ml_monitor.role_column(spec.inferences, 'score') -%}
    {%- set is_regression, text = spec.task == 'regression', ml_monitor.text_type() -%}
    {%- set has_cells = is_regression or (spec.class_scores or []) != [] -%}
    {%- set label_type = (spec.labels | selectattr('role', 'equalto', 'label') | map(attribute='data_type') | list + [''])[0] -%}
    {%- set label_value = ml_monitor.float64(ml_monitor.role_value(spec.labels, 'label', 'labels.')) -%}
    {%- set label_text = ml_monitor.value_text('labels.' ~ label, label_type, ml_monitor.outcome_classes(spec)) -%}
    {%- set fold_before = ml_monitor.fold_before(spec) -%}
    {%- set measures = dict({
        'row_count': 'count(*)', 'labelled_count': "sum(case when label = '__unlabelled__' then 0 else 1 end)",
    }, **ml_monitor.outcome_sums(spec)) -%}
    {%- set maxima = ['largest_error'] -%}
    {%- set names = ml_monitor.table_columns('hourly_outcomes', monitor) | map('first') | list -%}
    {%- set names = names[names.index('row_count'):names.index('rebuild_key')] -%}
    {%- set of_classes = ml_monitor.class_score_values(spec) if spec.class_scores else {} -%}
    {%- set head -%}
{{ ml_monitor.touched_hours([
    ml_monitor.hours_of_new_rows(log), ml_monitor.hours_of_new_labels(log, labels_log),
], log, declaration_hash, fold_before) }}
    {%- endset -%}
{%- call ml_monitor.select_if_any('hourly_outcomes', monitor, head, 'touched_hours', asks=not fold_before) %}

{% if ml_monitor.is_incremental() -%}
-- Only these labels are needed; joining all of them costs more than counting an hour.
{{ ml_monitor.located_keys('touched_labels', labels_log,
    ml_monitor.distinct_values('ml_key_hash', 'key_hash', log, "ml_row_state = 'current'
    and ml_event_hour in (select hour from touched_hours)")) }}

{% endif -%}
known_labels {{ ml_monitor.as_inlined() }} (

    select *
    from {{ labels_log }}
    where
        ml_row_state = 'current'
        {%- if ml_monitor.is_incremental() %}
        and {{ ml_monitor.at_located_keys('touched_labels') | indent(8) }}
        {%- endif %}

),

predictions as (

    select
        log.ml_event_hour as hour,
        {{ ml_monitor.counted_window('log.ml_event_hour', fold_before) }} as window_start,
        {{ ml_monitor.logged_version(spec) }} as model_version,
        {%- for segment in spec.segments %}
        {{ ml_monitor.segment_text(spec, segment) }} as segment_{{ loop.index }},
        {%- endfor %}
        {%- if score %}
        {{ ml_monitor.float64(ml_monitor.role_value(spec.inferences, 'score', 'log.')) }} as score,
        {%- endif %}
        {{ ml_monitor.label_delay(spec) | indent(8) }} as label_delay_hours,
        {%- for name, sql in ml_monitor.outcome_values(spec).items() %}
        {{ sql }} as {{ name }},
        {%- endfor %}
        {% if is_regression -%}
        cast(null as {{ text }}) as prediction,
        case when labels.{{ label_id }} is null then '__unlabelled__' else '__labelled__' end as label,
        {{ label_value }} as label_value,
        {{ ml_monitor.float64(ml_monitor.role_value(spec.inferences, 'prediction', 'log.')) }} as predicted_value
        {%- else -%}
        {{ ml_monitor.category(ml_monitor.predicted_class(spec)) }} as prediction,
        coalesce({{ ml_monitor.category(label_text) }}, '__unlabelled__') as label
        {%- endif %}
    from {{ ml_monitor.aliased(log, 'log') }}
    left join known_labels as labels on log.ml_key_hash = labels.ml_key_hash and log.{{ prediction_id }} = labels.{{ label_id }}
    where
        log.ml_row_state = 'current'
        {%- if ml_monitor.is_incremental() %}
        and log.ml_event_hour in (select hour from touched_hours)
        {%- endif %}

),

{{ ml_monitor.placed_outcomes(spec, grid, of_classes) }}

{{ ml_monitor.hour_markers() }}

{{ ml_monitor.segment_counts(spec, measures, of_classes, has_cells) }}

{{ ml_monitor.capped_segments(
    spec, 'segment_counts', 'row_count', 'hour', where="segment_name <> '__cells__'" if has_cells
) }}

counted as (

    select
        {{ ml_monitor.counted_grain('counts.window_start', fold_before) }} as window_grain,
        counts.window_start,
        {{ ml_monitor.version_name(spec, 'counts.model_version') }} as model_version,
        counts.segment_name,
        {{ ml_monitor.counted_segment() | trim | indent(8) }} as segment_value,
        counts.score_slot,
        counts.score_cell,
        counts.prediction,
        counts.label,
        counts.label_slot,
        counts.label_delay_hours,
        {%- for name in names %}
        {{ ml_monitor.outcome_total(name, 'counts') if name in measures else 'null' }} as {{ name }}{{ ',' if not loop.last }}
        {%- endfor %}
    from segment_counts as counts
    left join capped_segments as capped on {{ ml_monitor.is_capped('counts', 'hour') }}
    group by
        counts.window_start,
        counts.model_version,
        counts.segment_name,
        {{ ml_monitor.counted_segment() | trim | indent(8) }},
        counts.score_slot,
        counts.score_cell,
        counts.prediction,
        counts.label,
        counts.label_slot,
        counts.label_delay_hours
    union all
    select
        window_grain,
        window_start,
        '__all__' as model_version,
        '__all__' as segment_name,
        '__all__' as segment_value,
        0 as score_slot,
        0 as score_cell,
        null as prediction,
        '__none__' as label,
        0 as label_slot,
        0 as label_delay_hours,
        {%- for name in names %}
        {{ '0' if name in ['row_count', 'labelled_count'] else 'null' }} as {{ name }}{{ ',' if not loop.last }}
        {%- endfor %}
    from markers

),

{{ ml_monitor.rollup_end(spec, 'hourly_outcomes', 'counted', names | reject('in', maxima) | list, "label = '__none__'", maxima=maxima) }}
{%- endcall %}
{% endmacro %}


{#-
  Outcomes by the hour, counted whole and by each segment, and of errors and class scores the cells, as the CTE `segment_counts`.
  Arguments: spec, measures (dict of column -> SQL over `placed`), of_classes (dict of class_score_values, empty without class scores),
    has_cells (boolean).
-#}
{% macro segment_counts(spec, measures, of_classes, has_cells) -%}
{%- set is_regression = spec.task == 'regression' -%}
{#- Five slots as one: a rollup by segment must stay small. -#}
{%- set slot_of_segment = 'cast(5 * floor(placed.score_slot / 5.0) as int)' if ml_monitor.has_estimates(spec) else 0 -%}
-- All rows, and by each segment: by the hour, whose values are capped, also where it is kept in its day.
{%- if has_cells %}
-- Also each {{ 'error' if is_regression else 'class score' }} by its cell alone, as segment __cells__.
{%- endif %}
segment_counts as (

    select
        hour,
        window_start,
        model_version,
        segment_name,
        segment_value,
        score_slot,
        score_cell,
        prediction,
        label,
        label_slot,
        label_delay_hours,
        {%- for name, sql in measures.items() %}
        {{ sql }} as {{ name }}{{ ',' if not loop.last }}
        {%- endfor %}
    from (
        select
            placed.hour,
            placed.window_start,
            placed.model_version,
            segments.segment_name,
            case segments.segment_name
                {%- for segment in spec.segments %}
                when {{ ml_monitor.string_literal(segment) }} then placed.segment_{{ loop.index }}
                {%- endfor %}
                {%- if has_cells %}
                when '__cells__' then segments.cells_of
                {%- endif %}
                when '__all__' then '__all__'
            end as segment_value,
            {%- if has_cells %}
            case segments.segment_name
                when '__all__' then placed.score_slot
                when '__cells__' then 0
                else {{ slot_of_segment }}
            end as score_slot,
            case segments.segment_name
                when '__all__' then placed.score_cell
                {%- if is_regression %}
                when '__cells__' then {{ ml_monitor.numeric_cell('placed.error_z', 512) | trim }}
                {%- else %}
                when '__cells__' then case segments.cells_of
                    {%- for class, column in spec.class_scores %}
                    when {{ ml_monitor.string_literal(class) }} then placed.class_cell_{{ loop.index }}
                    {%- endfor %}
                end
                {%- endif %}
                else 0
            end as score_cell,
            case segments.segment_name when '__cells__' then null else placed.prediction end as prediction,
            {%- if is_regression %}
            placed.label,
            {%- else %}
            case
                when segments.segment_name <> '__cells__' then placed.label
                when placed.label = segments.cells_of then '1'
                else '0'
            end as label,
            {%- endif %}
            case segments.segment_name when '__cells__' then 0 else placed.label_slot end as label_slot,
            {%- else %}
            case segments.segment_name when '__all__' then placed.score_slot else {{ slot_of_segment }} end as score_slot,
            case segments.segment_name when '__all__' then placed.score_cell else 0 end as score_cell,
            placed.prediction,
            placed.label,
            placed.label_slot,
            {%- endif %}
            case segments.segment_name when '__all__' then placed.label_delay_hours else 0 end as label_delay_hours
            {%- if of_classes %},
            {{ of_classes.rank }} as class_rank
            {%- endif %}
            {%- for name in ml_monitor.added_values(spec) %},
            placed.{{ name }}
            {%- endfor %}
        from placed
        cross join {{ ml_monitor.counted_groups(spec) }} as segments
        {%- if has_cells %}
        where segments.segment_name <> '__cells__' or placed.{{ 'error_z is not null' if is_regression else 'has_class_scores = 1' }}
        {%- endif %}
    ) as by_segment
    group by
        hour, window_start, model_version, segment_name, segment_value, score_slot, score_cell, prediction, label, label_slot,
        label_delay_hours

),
{%- endmacro %}


{#-
  Predictions by slot and cell of their score, with their error and what else is added up, as the CTE `placed`.
  Arguments: spec, grid (relation <m>__grid), of_classes (dict of class_score_values, empty without class scores).
-#}
{% macro placed_outcomes(spec, grid, of_classes) -%}
{%- set is_regression = spec.task == 'regression' -%}
{%- set score = ml_monitor.role_column(spec.inferences, 'score') -%}
{%- set score_name = (spec.inferences | selectattr('role', 'equalto', 'score') | map(attribute='name') | list + [''])[0] -%}
{%- set prediction_name = spec.inferences | selectattr('role', 'equalto', 'prediction') | map(attribute='name') | first -%}
{%- set error = 'predictions.label_value - predictions.predicted_value' -%}
{%- set is_known = 'predictions.label_value between -1e100 and 1e100 and predictions.predicted_value between -1e100 and 1e100' -%}
placed as (

    select
        predictions.*,
        {%- if is_regression %}
        {{ ml_monitor.standardised('predictions.label_value', 'label_grid.center', 'label_grid.scale') | trim }} as label_z,
        case when {{ is_known }} then {{ error }} end as error,
        {#- Errors are smaller than the values they are of. #}
        case when {{ is_known }} then
            {{ ml_monitor.standardised('(' ~ error ~ ')', '0', '(label_grid.scale / 32)') | trim }}
        end as error_z,
        {%- elif of_classes %}
        {{ of_classes.probability }} as class_probability,
        1 - {{ of_classes.probability }} as error,
        case when label <> '__unlabelled__' and {{ of_classes.are_valid }} then 1 else 0 end as has_class_scores,
        {%- for cell in of_classes.cells %}
        {{ cell }} as class_cell_{{ loop.index }},
        {%- endfor %}
        {%- elif ml_monitor.has_errors(spec) %}
        predictions.score as predicted_value,
        case
            when predictions.score between 0 and 1 and predictions.label = '1' then 1 - predictions.score
            when predictions.score between 0 and 1 and predictions.label = '0' then -predictions.score
        end as error,
        {%- endif %}
        {%- for name, sql in ml_monitor.placed_values(spec).items() %}
        {{ sql }} as {{ name }},
        {%- endfor %}
        {{ ml_monitor.numeric_slot('predictions.label_value', 'label_grid', 20) if is_regression else 0 }} as label_slot,
        {%- if score %}
        {{ ml_monitor.numeric_slot('predictions.score', 'grid', 20) }} as score_slot,
        {{ ml_monitor.numeric_cell(ml_monitor.standardised('predictions.score', 'grid.center', 'grid.scale'), 2048) }} as score_cell
        {%- else %}
        {{ 'coalesce(cast(floor(40 * (' ~ of_classes.confidence ~ ')) as int), -1)' if of_classes else 0 }} as score_slot,
        0 as score_cell
        {%- endif %}
    from predictions
    {%- if score %}
    left join {{ ml_monitor.aliased(grid, 'grid') }} on grid.column_name = {{ ml_monitor.string_literal(score_name) }}
    {%- endif %}
    {%- if is_regression %}
    left join {{ ml_monitor.aliased(grid, 'label_grid') }} on label_grid.column_name = {{ ml_monitor.string_literal(prediction_name) }}
    {%- endif %}

),
{%- endmacro %}


{#- The columns of `placed` that outcome_sums reads. Arguments: spec. Returns: list of names. -#}
{% macro added_values(spec) %}
    {%- set names = ['error'] if ml_monitor.has_errors(spec) else [] -%}
    {%- if spec.task == 'regression' -%}{%- set names = names + ['predicted_value', 'label_value', 'label_z'] -%}
    {%- elif ml_monitor.has_probability(spec) -%}{%- set names = names + ['predicted_value'] -%}{%- endif -%}
    {%- do return(names + ml_monitor.placed_values(spec) | list) -%}
{% endmacro %}


{#-
  What outcomes are counted by: all of them, each segment, and the cells of the error or of each class score.
  Arguments: spec. Returns: SQL, a subquery with segment_name and cells_of (NULL but of cells).
-#}
{% macro counted_groups(spec) -%}
{%- set classes = (spec.class_scores or []) | map('first') | list -%}
{%- set groups = [] -%}
{%- for name in ['__all__'] + spec.segments -%}{%- do groups.append([ml_monitor.string_literal(name), "'__none__'"]) -%}{%- endfor -%}
{%- for name in classes or (['__error__'] if spec.task == 'regression' else []) -%}
    {%- do groups.append(["'__cells__'", ml_monitor.string_literal(name)]) -%}
{%- endfor -%}
(
            {{ ml_monitor.values_list(['segment_name', 'cells_of'], groups) | indent(12) }}
        )
{%- endmacro %}


{#- The columns of <m>__hourly_outcomes; those of the monitor's own metrics (custom_columns) come before rebuild_key. -#}
{% macro hourly_outcomes_columns() %}
    {%- do return(ml_monitor.listed_columns([
        ['window_grain', 'Always hour.'],
        'window_start',
        ['model_version', 'Model version; `__none__` if the monitor logs none, `__null__` where it is NULL, `__all__` only for the rows '
            'that keep an hour known.'],
        ['segment_name', 'Column the rows are segmented by; `__all__` for totals. `__cells__`: the labelled rows once more, by cell alone, '
            'of a regression by that of the error, of class scores once for each class by that of its score.'],
        ['segment_value', 'Value of that column; `__null__` for NULL, `__other__` for all but the ml_segment_cap most frequent, `__all__` '
            'for totals; of `__cells__` the class, or `__error__`.'],
        ['score_slot', 'int', 'Slot of the score, as in <m>__hourly_profile; with class scores the 40th of that of the predicted class; of '
            'segments the first of five slots, for a regression 0; 0 without a score.'],
        ['score_cell', 'int', 'Cell of the score at twice the resolution of other columns; 0 for segments and without a score. Of '
            '`__cells__` that of the error or of the class score.'],
        ['prediction', 'string', 'Predicted class; NULL for a regression.'],
        ['label', 'string', 'True class, `__unlabelled__` while unknown; `__labelled__` for a regression; of `__cells__` 1 if it is the '
            'class, else 0.'],
        ['label_slot', 'int', 'Of a regression, slot of the label among the edges of its prediction in <m>__grid, negative if it is no '
            'number; 0 for other tasks.'],
        ['label_delay_hours', 'int', 'The label was known at most so many hours after the prediction: 1, 6, 24, 72, 168, 336, 672, 2160 or '
            'label_horizon_hours; 999999 if later; -1 if its time lies before that of the prediction; 0 without a label or without its '
            'time, and for segments.'],
        ['row_count', 'Predictions.'],
        ['labelled_count', 'bigint', 'Predictions that have a label.'],
        ['error_count', 'bigint', 'Predictions whose error is known: of a regression label and prediction are finite, of a binary task the '
            'score is declared from 0 to 1 and the label is 0 or 1, of class scores they add up to 1 and the class of the label has one. '
            'Sums after it are over these; else NULL.'],
        'error_sum', 'absolute_error_sum', 'squared_error_sum', 'score_sum', 'squared_score_sum', 'log_loss_sum',
        ['label_z_sum', 'double', 'Sum of the labels, standardised by center and scale of the prediction in <m>__grid; regression only.'],
        ['label_z_squared_sum', 'double', 'Sum of the squares of the standardised labels; regression only.'],
        ['absolute_label_z_sum', 'double', 'Sum of the absolute standardised labels; regression only.'],
        'absolute_label_sum', 'percentage_error_sum', 'nonzero_label_count', 'squared_log_error_sum', 'nonnegative_count',
        ['tolerated_count', 'bigint', 'Errors within error_tolerance; regression only.'],
        'largest_error', 'top_2_count', 'top_3_count', 'shadow_count', 'shadow_gain_sum', 'shadow_gain_squared_sum',
        'rebuild_key', 'declaration_hash', 'ml_batch', 'labels_batch',
    ])) -%}
{% endmacro %}

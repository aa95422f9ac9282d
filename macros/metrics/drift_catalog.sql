{#- The metrics of <m>__drift: entries of metric_catalog. Arguments: spec (dict of monitor_spec). -#}
{% macro drift_catalog(spec) %}
    {%- set calibrated = spec.settings.calibrated_windows -%}
    {%- set uncalibrated = "baseline = 'training' or is_in_baseline or coalesce(baseline_windows, 0) < " ~ calibrated -%}
    {%- set column = {
        'model': 'drift', 'category': 'drift', 'grains': ['day'], 'against': 'serving', 'baseline': 'baseline', 'subjects': 'column',
        'subject': 'column_name', 'sample': 'current_rows', 'warn_only': uncalibrated,
    } -%}
    {%- set serving = [['hour', 'serving'], ['day', 'serving'], ['7_days', 'serving'], ['28_days', 'serving']] -%}
    {#- Seven days are judged where a day of the baseline has too few rows, 28 always: a slow change shows in no single day. -#}
    {%- set is_judged = " and (window_grain <> '7_days' or coalesce(baseline_day_rows, 0) < " ~ spec.min_sample ~ ')' -%}
    {#- Where a day has too few values for PSI, longer windows have enough; only of a column too variable for any PSI a mean is judged. -#}
    {%- set chart_reason = "case when chart_reason is null and current_rows < " ~ spec.min_sample
        ~ " and coalesce(psi_reason, '') <> 'too_variable' then 'insufficient_sample' else chart_reason end" -%}
    {#- A mean of personal data is in no message: of a constant it is the value. -#}
    {%- set personal = ml_monitor.monitored_columns(spec) | selectattr('personal') | map(attribute='name') | list -%}
    {%- set is_personal = 'case when column_name in (' ~ ml_monitor.string_list(personal) ~ ') then null else ' -%}
    {%- set mean = is_personal ~ 'current_mean end' if personal else 'current_mean' -%}
    {%- set ns = namespace(metrics=[]) -%}
    {%- for prefix, roles, what in [
        ['', ['feature', 'embedding'], 'feature'],
        ['output_', ['score', 'prediction', 'attribution'], 'score, prediction or attribution, within its version'],
        ['proxy_', ['proxy'], 'label-free proxy of the score, within its version'],
    ] -%}
        {%- set of_roles = "column_role in ('" ~ roles | join("', '") ~ "')" -%}
        {%- set ns.metrics = ns.metrics + [dict(column, metric=prefix ~ 'psi', label='PSI',
            unit='PSI less its expectation under no drift',
            description='Population stability index of a ' ~ what ~ ' against a baseline, from frozen bins.',
            grains=['hour', 'day', '7_days', '28_days', 'month'],
            comparisons=serving + ([] if prefix == 'proxy_' else [['month', 'training']]),
            value='psi_excess', significant='is_drift_detected', reason='psi_reason',
            where=of_roles ~ is_judged, rows='{column} is not null',
            detail=ml_monitor.top_bin_template('top_bin') ~ ml_monitor.top_bin_template('counter_bin', ', ')
                ~ '[; looks like {unit_change}]')] -%}
        {#- A proxy has no chart of its own: where it is variable, that of the score covers it. -#}
        {%- if prefix != 'proxy_' -%}
            {%- set ns.metrics = ns.metrics + [dict(column, metric=prefix ~ 'mean_shift_sd', label='window mean',
                against='trailing', baseline="'trailing'", unit='spreads of the 28 days before',
                value='abs(mean_shift_sd)', reason=chart_reason,
                description='Distance of the window mean of a ' ~ what ~ ' from the median of the 28 days before, '
                    'for columns too variable for PSI.',
                warn_only=uncalibrated ~ ' or coalesce(chart_windows, 0) < ' ~ calibrated,
                where="baseline = 'serving' and column_kind = 'numeric' and " ~ of_roles, rows='{column} is not null',
                detail='[mean {' ~ mean ~ ':2} against {chart_center:2} +- {chart_scale:2}][; looks like {unit_change}]')] -%}
        {%- endif -%}
    {%- endfor -%}
    {%- set conditions = ml_monitor.row_conditions() -%}
    {%- for name, what in ml_monitor.watched_shares().items() -%}
        {%- set share, change = name ~ '_share', name ~ '_share_change' -%}
        {%- set ns.metrics = ns.metrics + [dict(column, metric=change, unit='difference of shares', sample='row_count',
            category='quality' if name == 'null' else 'drift', rows=conditions[name],
            description='Change of the share of ' ~ what ~ ' since the serving baseline; PSI cannot see a small surge.',
            significant='coalesce(abs(' ~ change ~ ') > ' ~ share ~ '_noise, false)',
            reason="case when row_count = 0 then 'insufficient_sample' when " ~ change ~ " is null then 'no_baseline' end",
            where="baseline = 'serving' and column_role in ('feature', 'score', 'prediction', 'embedding', 'attribution')",
            detail='share {100 * ' ~ share ~ ':2} %, was {100 * (' ~ share ~ ' - ' ~ change ~ '):2} %')] -%}
    {%- endfor -%}
    {#- One check for all columns: what a monitor can say before it has a baseline. It is outside the aims for false alarms. -#}
    {%- set ns.metrics = ns.metrics + [dict(column, metric='training_psi', label='PSI of the farthest feature', against='training',
        unit='PSI less its expectation under no drift', grains=['baseline'], subjects='rows', subject="'__rows__'", value='psi_excess',
        warn_only='true', where='farthest_columns is not null',
        description='Largest PSI of a feature of the serving baseline, all its days so far, against the training set.',
        detail='farthest from the training set: {farthest_columns}')] -%}
    {#- PSI counts such values too, where it has enough rows. -#}
    {%- do return(ns.metrics + [dict(column, metric='rest_share_change', label='share of new or rare values', unit='difference of shares',
        description='Share of values that the serving baseline has none or hardly any of, less their share there: new categories, numbers '
            'outside its range, a constant that changed. Judged where PSI is not, without a minimum of rows.',
        significant='is_rest_detected and (is_drift_detected or psi is null)',
        reason="case when current_rows = 0 then 'insufficient_sample' when reference_rows = 0 then 'no_baseline' "
            ~ "when psi_reason = 'too_variable' then 'too_variable' "
            ~ "when rest_share is null or psi is not null and current_rows >= " ~ spec.min_sample
            ~ " then 'covered_by_psi' end",
        where="baseline = 'serving' and column_role in ('feature', 'embedding')",
        rows=dict(conditions.unseen, **conditions.outside_reference),
        detail='mostly {rest_value}[; mean {' ~ mean ~ ':2}, was {reference_mean:2}]')]) -%}
{% endmacro %}

{#- The metrics of <m>__drift: entries of metric_catalog. Arguments: spec (dict of monitor_spec). -#}
{% macro drift_catalog(spec) %}
    {%- set calibrated = spec.settings.calibrated_windows -%}
    {%- set uncalibrated = "baseline = 'training' or is_in_baseline or coalesce(baseline_windows, 0) < " ~ calibrated -%}
    {%- set column = {
        'model': 'drift', 'category': 'drift', 'grains': ['day'], 'against': 'serving', 'baseline': 'baseline', 'subjects': 'column',
        'subject': 'column_name', 'sample': 'current_rows', 'warn_only': uncalibrated,
    } -%}
    {%- set serving = [['hour', 'serving'], ['day', 'serving'], ['week', 'serving'], ['rolling', 'serving']] -%}
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
            grains=['hour', 'day', 'week', 'rolling', 'month'],
            comparisons=serving + ([] if prefix == 'proxy_' else [['month', 'training']]),
            value='psi_excess', significant='is_drift_detected', reason='psi_reason', where=of_roles,
            detail=ml_monitor.top_bin_template('top_bin') ~ '[; looks like {unit_change}]')] -%}
        {#- A proxy has no chart of its own: where it is variable, that of the score covers it. -#}
        {%- if prefix != 'proxy_' -%}
            {%- set ns.metrics = ns.metrics + [dict(column, metric=prefix ~ 'mean_shift_sd', label='window mean',
                against='trailing', baseline="'trailing'", unit='spreads of the 28 days before',
                value='abs(mean_shift_sd)', reason='chart_reason',
                description='Distance of the window mean of a ' ~ what ~ ' from the median of the 28 days before, '
                    'for columns too variable for PSI.',
                warn_only=uncalibrated ~ ' or coalesce(chart_windows, 0) < ' ~ calibrated,
                where="baseline = 'serving' and column_kind = 'numeric' and " ~ of_roles,
                detail='mean {current_mean:2} against {chart_center:2} +- {chart_scale:2}[; looks like {unit_change}]')] -%}
        {%- endif -%}
    {%- endfor -%}
    {%- set conditions = ml_monitor.row_conditions() -%}
    {%- for name, what in ml_monitor.watched_shares().items() -%}
        {%- set share, change = name ~ '_share', name ~ '_share_change' -%}
        {%- set ns.metrics = ns.metrics + [dict(column, metric=change, unit='difference of shares', sample='row_count',
            rows=conditions[name],
            description='Change of the share of ' ~ what ~ ' since the serving baseline; PSI cannot see a small surge.',
            significant='coalesce(abs(' ~ change ~ ') > ' ~ share ~ '_noise, false)',
            reason="case when row_count = 0 then 'insufficient_sample' when " ~ change ~ " is null then 'no_baseline' end",
            where="baseline = 'serving' and column_role in ('feature', 'score', 'prediction', 'embedding', 'attribution')",
            detail='share {100 * ' ~ share ~ ':2} %, was {100 * (' ~ share ~ ' - ' ~ change ~ '):2} %')] -%}
    {%- endfor -%}
    {%- do return(ns.metrics) -%}
{% endmacro %}


{#- Shares of rows that PSI cannot see or names badly. Returns: dict of name -> what it counts. -#}
{% macro watched_shares() %}
    {%- do return({
        'null': 'NULLs', 'zero': 'zeros', 'default': 'the declared default value',
        'spike': 'the most frequent value among the edges of the grid', 'unseen': 'values that are not in the grid',
    }) -%}
{% endmacro %}


{#-
  What moved most, for a message of PSI: `share of <bin> rose from 10.0 % to 20.0 %`; nothing without a bin.
  Arguments: bin (string: a column of texts, beside <bin>_reference_share and <bin>_current_share). Returns: a template, see detail_text.
-#}
{% macro top_bin_template(bin) %}
    {%- set was, now = bin ~ '_reference_share', bin ~ '_current_share' -%}
    {%- set direction = 'case when ' ~ now ~ ' < ' ~ was ~ " then 'fell' else 'rose' end" -%}
    {%- do return('[share of {' ~ bin ~ '} {' ~ direction ~ '} from {100 * ' ~ was ~ ':1} % to {100 * ' ~ now ~ ':1} %]') -%}
{% endmacro %}

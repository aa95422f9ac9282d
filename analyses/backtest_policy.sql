-- How often would a policy row have fired in the last 30 and 90 days, and on which days? Beside it what the present rows do.
--     dbt show -s backtest_policy --output json --limit -1
--         --vars '{ml_analysis: {monitor: flight_delay, metric: psi, baseline: serving, subject: aircraft_age, fail_above: 0.1}}'
--     any column of ml_policy_rules: window_grain, baseline, segment_name, subject, min_sample, warn_below, fail_below, warn_above,
--     fail_above
-- Without `monitor` it speaks of the first one that is listed, without `metric` of late_share by hour with the limits 0.01 and 0.05.
{% set given = var('ml_analysis', {}) %}
{% set monitor = given.get('monitor') or (ml_monitor.ml_monitors() | list + ['none'])[0] %}
{{ config(enabled=(project_name == 'ml_monitor' and monitor != 'none')) }}
{% set policy = {} %}
{% for key, value in given.items() if key != 'monitor' %}{% do policy.update({key: value}) %}{% endfor %}
{{ ml_monitor.backtest_policy(
    monitor, policy or {'metric': 'late_share', 'window_grain': 'hour', 'warn_above': 0.01, 'fail_above': 0.05, 'min_sample': 20}
) }}
order by days, limits

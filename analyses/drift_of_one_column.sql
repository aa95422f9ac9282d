-- How far one column was from the serving baseline, day by day, with every part of the verdict, so that it can be redone by hand:
--     psi_expected_by_chance is (bin_count - 1) * (1 / m + 1 / n), of the rows in the kept bins; psi_excess is psi less that
--     min_detectable is psi_noise + variation_allowance: what is told from noise and from the column's own unrest
--     variation_allowance is 16 * baseline_variation + 16 * (baseline_variation - variation_by_chance, if that is above 0)
--     psi_excess above min_detectable and above warn_above or fail_above warns or fails
--     a day of the baseline, or a baseline too short to be calibrated, warns at most
-- psi_status is that arithmetic, check_status what ml_checks says; they differ in a declared maintenance window only.
-- Where the column is too variable, the mean is judged instead: |current_mean - chart_center| / chart_scale is |mean_shift_sd|.
--     dbt show -s drift_of_one_column --output json --limit -1 --vars '{ml_analysis: {monitor: flight_delay, column: distance}}'
-- Without `monitor` it speaks of the first one that is listed.
{% set given = var('ml_analysis', {}) %}
{% set monitor = given.get('monitor') or (ml_monitor.ml_monitors() | list + ['none'])[0] %}
{{ config(enabled=(project_name == 'ml_monitor' and monitor != 'none')) }}
{% set column = given.get('column', 'distance') %}
with

days as (

    select
        *,
        case
            when column_role in ('score', 'prediction', 'attribution') then 'output_psi'
            when column_role = 'proxy' then 'proxy_psi'
            else 'psi'
        end as metric
    from {{ ref('ml_monitor', 'ml_drift') }}
    where
        monitor = '{{ monitor }}'
        and column_name = '{{ column }}'
        and window_grain = 'day'
        and baseline = 'serving'
        and segment_name = '__all__'

),

-- The row that names the column goes before the one for all columns.
policies as (

    select
        metric,
        policy_id,
        warn_above,
        fail_above,
        min_sample,
        row_number() over (partition by metric order by case when subject = '*' then 1 else 0 end) as preference
    from {{ ref('ml_monitor', 'ml_policies') }}
    where
        monitor = '{{ monitor }}'
        and window_grain = 'day'
        and baseline = 'serving'
        and segment_name = '__all__'
        and subject in ('{{ column }}', '*')

),

checks as (

    select
        metric,
        window_start,
        model_version,
        status,
        reason
    from {{ ref('ml_monitor', 'ml_checks') }}
    where
        monitor = '{{ monitor }}'
        and subject = '{{ column }}'
        and window_grain = 'day'
        and baseline = 'serving'
        and segment_name = '__all__'

),

final as (

    select
        days.window_start,
        days.model_version,
        days.is_in_baseline,
        days.reference_rows,
        days.current_rows,
        days.bin_count,
        days.psi,
        days.psi - days.psi_excess as psi_expected_by_chance,
        days.psi_excess,
        days.psi_noise,
        days.baseline_variation,
        {{ ml_monitor.variation_by_chance('days') }} as variation_by_chance,
        days.min_detectable - days.psi_noise as variation_allowance,
        days.min_detectable,
        days.is_drift_detected,
        policies.policy_id,
        policies.warn_above,
        policies.fail_above,
        case
            when days.psi_reason is not null or days.current_rows < policies.min_sample then 'not_evaluated'
            when not days.is_drift_detected then 'pass'
            when
                days.psi_excess > policies.fail_above
                and not days.is_in_baseline
                and days.baseline_windows >= {{ ml_monitor.setting('calibrated_windows') }}
                then 'fail'
            when days.psi_excess > policies.fail_above or days.psi_excess > policies.warn_above then 'warn'
            else 'pass'
        end as psi_status,
        checks.status as check_status,
        coalesce(checks.reason, days.psi_reason) as reason,
        days.top_bin,
        days.top_bin_reference_share,
        days.top_bin_current_share,
        days.reference_mean,
        days.current_mean,
        days.chart_center,
        days.chart_scale,
        days.mean_shift_sd,
        days.chart_reason,
        days.null_share
    from days
    left join policies on days.metric = policies.metric and policies.preference = 1
    left join checks
        on
            days.metric = checks.metric
            and days.window_start = checks.window_start
            and days.model_version = checks.model_version

)

select *
from final
order by window_start, model_version

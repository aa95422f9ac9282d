{#-
  Model ml_retraining: for each monitor with labels whether to retrain its model, why, and on which data. The same evidence gives the same
  answer: it is made of ml_incident_findings and ml_performance as of the last run, and nothing is remembered.

  Evidence: `performance`, a measure failed against its baseline for sustained_days and still does; `drift_with_impact`, inputs or outputs
  drifted for as long and performance fell beside them; `age`, the version has served for max_age_days. `retraining.when` of the
  declaration says which of it, together, is enough. Drift without a fall of performance (virtual drift) never is.

  Columns: ml_retraining_columns.
-#}
{% macro retraining() %}
    {{- config(materialized='view') -}}
    {%- set text = ml_monitor.text_type() -%}
    {%- set holds = {
        'performance': 'performance_since is not null',
        'drift_with_impact': 'drift_since is not null',
        'age': 'coalesce(is_too_old, false)',
    } -%}
    {%- set changed_at = ml_monitor.least_of(['evidence.performance_since', 'evidence.drift_since']) -%}
    {%- set ns = namespace(rows=[], rules=[]) -%}
    {%- for monitor in ml_monitor.ml_monitors() if execute and ml_monitor.has_part(monitor, 'labels') -%}
        {%- set spec = ml_monitor.monitor_spec(monitor) -%}
        {%- set rule = {} -%}
        {%- for key in ml_monitor.retraining_keys() -%}
            {%- do rule.update({key.key: (spec.retraining or {}).get(key.key, key.default)}) -%}
        {%- endfor -%}
        {%- set ns.rows = ns.rows + [[
            "'" ~ monitor ~ "'", ml_monitor.string_literal(spec.owner), rule.sustained_days,
            'cast(' ~ (rule.max_age_days or 'null') ~ ' as int)', rule.min_labels, rule.cool_down_days,
        ]] -%}
        {%- set any = [] -%}
        {%- for names in rule.when -%}
            {%- set all = [] -%}
            {%- for name in names -%}{%- do all.append(holds[name]) -%}{%- endfor -%}
            {%- do any.append('(' ~ all | join(' and ') ~ ')') -%}
        {%- endfor -%}
        {%- set ns.rules = ns.rules + ["when '" ~ monitor ~ "' then " ~ any | join(' or ')] -%}
    {%- endfor -%}
    {%- set performance, runs = ref('ml_monitor', 'ml_performance'), ref('ml_monitor', 'ml_runs') -%}
    {%- set findings = ref('ml_monitor', 'ml_incident_findings') -%}
-- ml_monitor.retraining()
{%- if not ns.rows %}
{{ ml_monitor.no_rows() }}
{%- else %}
with

declared as (

    {{ ml_monitor.values_list(
        ['monitor', 'owner', 'sustained_days', 'max_age_days', 'min_labels', 'cool_down_days'], ns.rows
    ) | indent(4) }}

),

as_of_times as (

    select monitor, max(as_of) as as_of from {{ runs }} group by monitor

),

{{ ml_monitor.retraining_evidence(performance, findings) }}

evidence as (

    select
        declared.*,
        versions.model_version,
        versions.version_since,
        versions.as_of,
        coalesce(versions.new_labels, 0) as new_labels,
        {{ ml_monitor.minutes_between('versions.version_since', 'versions.as_of') }} / 1440 as model_age_days,
        {{ ml_monitor.minutes_between('versions.version_since', 'versions.as_of') }} >= 1440 * declared.max_age_days as is_too_old,
        {{ ml_monitor.date_add('day', 'declared.cool_down_days', 'versions.version_since') }} as cool_down_until,
        falls.performance_since,
        drift.drift_since,
        drift.virtual_drift_since,
        drift.drift_subjects
    from declared
    left join (select * from versions where choice = 1) as versions on declared.monitor = versions.monitor
    left join drift on declared.monitor = drift.monitor
    left join falls on declared.monitor = falls.monitor

),

-- The data since the change, if it has labels enough, else all.
labels as (

    select
        evidence.monitor,
        {{ changed_at }} as changed_at,
        min(case when days.mature_labels > 0 then days.window_start end) as first_labelled,
        max(case when days.mature_labels > 0 then days.window_end end) as last_labelled,
        sum(days.mature_labels) as all_labels,
        sum(case when days.window_start >= {{ changed_at }} then days.mature_labels else 0 end) as labels_since_change
    from evidence
    inner join days on evidence.monitor = days.monitor and days.model_version = '__all__'
    group by evidence.monitor, evidence.performance_since, evidence.drift_since

),

decided as (

    select
        evidence.*,
        case when labels_since_change >= min_labels then changed_at else first_labelled end as train_from,
        last_labelled as train_until,
        case when labels_since_change >= min_labels then labels_since_change else all_labels end as train_labels,
        case
            when not coalesce(case evidence.monitor {{ ns.rules | join(' ') }} end, false) then 'keep'
            when new_labels < min_labels or coalesce(as_of < cool_down_until, false) then 'wait'
            else 'retrain'
        end as decision
    from evidence
    left join labels on evidence.monitor = labels.monitor

),

worded as (

    select
        *,
        {{ ml_monitor.retraining_reason() }} as reasons
    from decided

)

select
    {{ ml_monitor.typed_columns(ml_monitor.ml_retraining_columns(), {
        'reason': "case reasons when '' then 'no evidence asks for it' else substring(reasons, 1, length(reasons) - 2) end",
        'evidence_id': ml_monitor.surrogate_key(
            ['monitor', 'model_version', 'decision', 'performance_since', 'drift_since', 'is_too_old']
        ),
        'is_too_old': 'coalesce(is_too_old, false)',
        'train_from': "case decision when 'keep' then null else train_from end",
        'train_until': "case decision when 'keep' then null else train_until end",
        'train_labels': "case decision when 'keep' then null else train_labels end",
    }) | indent(4) }}
from worded
{%- endif %}
{% endmacro %}


{#- All evidence that there is, in words, and what a decision to wait waits for; each part ends with `; `. Returns: SQL, text. -#}
{% macro retraining_reason() %}
    {%- set text = ml_monitor.text_type() -%}
    {%- set day = 'substring(cast({} as ' ~ text ~ '), 1, 10)' -%}
    {%- set whole = 'cast(cast({} as bigint) as ' ~ text ~ ')' -%}
    {%- set parts = [
        ["decision = 'wait' and new_labels < min_labels", "'waits for labels: ' || " ~ whole.format('new_labels')
            ~ " || ' mature ones since ' || coalesce(" ~ day.format('version_since') ~ ", 'never') || ', needs ' || "
            ~ whole.format('min_labels')],
        ["decision = 'wait' and as_of < cool_down_until", "'waits until ' || " ~ day.format('cool_down_until') ~ " || ', ' || "
            ~ whole.format('cool_down_days') ~ " || ' days after the version began'"],
        ['performance_since is not null', "'performance fails since ' || " ~ day.format('performance_since')],
        ['drift_since is not null', "'drift since ' || " ~ day.format('drift_since')
            ~ " || ' (' || drift_subjects || '), and performance fell beside it'"],
        ['drift_since is null and virtual_drift_since is not null', "'virtual drift since ' || " ~ day.format('virtual_drift_since')
            ~ " || ' (' || drift_subjects || '): performance did not fall'"],
        ['is_too_old', "'the version serves for ' || " ~ whole.format('floor(model_age_days)') ~ " || ' days'"],
    ] -%}
    {%- set cases = [] -%}
    {%- for condition, words in parts -%}
        {%- do cases.append('case when ' ~ condition ~ ' then ' ~ words ~ " || '; ' else '' end") -%}
    {%- endfor -%}
    {%- do return(cases | join('\n        || ')) -%}
{% endmacro %}


{#- The columns of ml_retraining. -#}
{% macro ml_retraining_columns() %}
    {%- do return(ml_monitor.listed_columns([
        'monitor', 'owner',
        ['as_of', 'Moment that the last run spoke of (UTC).'],
        ['decision', 'string', 'retrain, wait (evidence asks for it, but labels are too few or the version is too new), or keep.'],
        ['reason', 'The evidence in words.'],
        ['model_version', 'Version with the most predictions of the last 7 days; `__all__` if the monitor logs none.'],
        ['version_since', 'timestamp', 'First day with a prediction of it (UTC).'],
        ['model_age_days', 'double', 'Days since then.'],
        ['is_too_old', 'boolean', 'True if these are max_age_days or more.'],
        ['performance_since', 'timestamp', 'Since when a measure of performance fails, if it still does and has for sustained_days (UTC).'],
        ['drift_since', 'timestamp', 'Since when drift lasts beside which performance fell (UTC).'],
        ['virtual_drift_since', 'timestamp', 'Since when drift lasts beside which performance did not fall (UTC).'],
        ['drift_subjects', 'string', 'Columns of this drift, separated by commas.'],
        ['new_labels', 'bigint', 'Mature labels of the version.'],
        ['cool_down_until', 'timestamp', 'Until when a new version is left alone (UTC).'],
        ['train_from', 'timestamp',
            'Start of the data to train on: since the change, if it has min_labels, else since the first label (UTC).'],
        ['train_until', 'timestamp', 'End of the last day whose labels are mature (UTC).'],
        ['train_labels', 'bigint', 'Labelled predictions in it.'],
        ['evidence_id', 'string', 'Hash of monitor, version, decision and evidence: the same as long as they are.'],
    ])) -%}
{% endmacro %}

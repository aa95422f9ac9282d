"""What the report says of metrics: what is normal, what a finding means, and what to do first; by metric, else by category."""

from __future__ import annotations

# The measures that the page of a monitor shows, the one that matters most first.
MEASURES = {
    "binary": (
        "auc",
        "average_precision",
        "accuracy",
        "precision",
        "recall",
        "f1",
        "log_loss",
        "expected_calibration_error",
    ),
    "multiclass": (
        "accuracy",
        "balanced_accuracy",
        "macro_f1",
        "macro_precision",
        "macro_recall",
        "log_loss",
    ),
    "regression": ("mae", "rmse", "bias", "r2", "mape"),
}
REASONS = {
    "insufficient_sample": "too few rows for a verdict, as at night or where a column is null",
    "no_baseline": "nothing to compare with yet: the baseline is still forming",
    "too_few_bins": "fewer than two bins with enough values",
    "too_variable": "the column moves too much from day to day for PSI; its daily mean is judged instead",
    "covered_by_psi": "PSI judges this column, so its mean is not judged as well",
    "covered_by_labels": "the labels are there, so the estimate is not judged",
    "nearly_all_labelled": "nearly all rows have their label, so selection cannot matter",
    "found_in_shorter_window": "a shorter window within it has the finding already",
    "immature_labels": "the labels have not had their time to arrive",
    "maintenance": "the window lies in a declared maintenance window",
    "undefined": "the value is undefined, such as a rate of no rows",
    "incomplete_window": "the window had not ended",
    "stale_source": "the source was too old to judge",
    "no_checks": "no check of this category could be evaluated",
}
NORMAL = {
    "contract": "Every logged row can be used, and the counts agree.",
    "freshness": "Rows arrive within the declared time, without long gaps.",
    "volume": "About as many rows as on the days of the baseline.",
    "quality": "Values are present and within their declaration, and every row finds its partner in each join.",
    "drift": "The distribution differs from the baseline by no more than its noise and its usual variation from day to day.",
    "performance": "The measure is as good as on the days of the baseline, within its interval.",
    "fairness": "The groups are treated alike, within their intervals.",
    "monitoring": "Each monitor runs as often as it should, and judges what arrives.",
    "mean_shift_sd": "The mean of the day is within 5 spreads of the median of the 28 days before.",
    "join_match_rate": "Nearly every row finds a partner in the joined table.",
    "null_rate": "The column has a value in most rows.",
}
MEANS = {
    "contract": "Rows were refused or are missing, so everything counted from them is incomplete.",
    "freshness": "The newest data is older than it should be: what is shown may be out of date.",
    "volume": "Requests are missing or came more than once, or the traffic really changed.",
    "quality": "The model received inputs that it was not trained for: missing, invalid or repeated values.",
    "drift": "The values are distributed differently from before: a changed unit or source, or a changed world.",
    "performance": "The predictions became worse against the outcomes that are known.",
    "fairness": "A group of people or things gets clearly other results than the rest.",
    "monitoring": "ml_monitor itself did not run or could not judge, so nothing new is known of the model.",
    "join_match_rate": "Features from the joined table are missing for these rows, and the score was computed without them.",
    "null_rate": "The feature is missing where it was present before, and the model falls back to its default.",
    "quarantine_rate": "Rows violate the contract and were set aside; they are in the quarantine table, with the reason.",
    "duplicate_rate": "Rows were written more than once. They are counted once; whoever reads the raw log may count them twice.",
    "no_checks": "No check of this category could be evaluated, so nothing is known about it.",
}
DO = {
    "contract": "Look at the rows in quarantine and their reasons, and ask the owner of the log.",
    "freshness": "See whether the job that writes the log ran, and when.",
    "volume": "Compare with the traffic of the service and with its last release.",
    "quality": "Find the source of the column and whether it delivered; then run the query of the rows.",
    "drift": "Look at the bin and the segment that changed most, and for a change of unit.",
    "performance": "Look for a finding of an input at the same time first; then at the worst segment.",
    "fairness": "Compare the groups by their counts, and look for an input that changed for one of them.",
    "monitoring": "Look at the newest run of dbt and its errors, and start it again.",
    "join_match_rate": "See whether the joined table is up to date, and whether its keys still look the same.",
}

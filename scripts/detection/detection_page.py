"""The results of detection.py, as tables and as docs/detection.md."""

from __future__ import annotations

import json
import math
import statistics
from collections.abc import Iterable
from typing import Any

from detection_streams import ALL, FLIGHTS, NONE

OURS, BARE, EVIDENTLY, NANNYML = "ml_monitor", "PSI > 0.1", "Evidently", "NannyML"
TOOLS = [OURS, BARE, EVIDENTLY, NANNYML]
MONTH_DAYS = 30
PAGE = """# How well drift is found

Made by `make detection` (`scripts/detection/detection.py --write`; about half an hour on two cores) from generated
monitors with known changes, and from the real flights with injected shifts. Each monitor is scaffolded and built by
dbt with the default policies. Evidently <<EVIDENTLY>> and NannyML <<NANNYML>> get the same rows and windows and use
their own defaults; `PSI > 0.1` is the common rule of thumb over deciles of the baseline. The numbers are in
`docs/detection.json`.

- The first 28 days are the baseline (for the other tools, the reference). Most columns do not change; the others
  change ten days after the baseline (flights: on 1 July, with a baseline of March).
- A false alarm is a warning or failure of any default drift policy for an unchanged column, in a window after the
  baseline. The share is relative to the evaluated windows.
- A window of a day counts what ends with the day: the day itself and the last 7 and 28 days. False alarms of windows
  that overlap are one, since they have one cause.
- A change is found in a window if any default policy of drift warns or fails for its column; gaps are found by the
  share of NULLs, a quality policy. The first twenty days of a change are evaluated, 28 for monitors with fewer than
  500 rows a day, ten for slow changes (hours: two days). The number after the share is the delay: the number of windows
  before the first alarm, as the median over columns.
- `detected` is `is_drift_detected`: evidence of a change of any size.
- The other tools are slow, so they get two unchanged columns and one changed column of each kind, for ten days before
  and ten days after the change; an empty cell was not measured. Their shares are based on 10 windows and their rates
  on 20 to 40, so a rate of 0.0 only means that the true rate is hardly above 100. Evidently uses the normed
  Wasserstein distance or, for categories, Jensen-Shannon, both with the threshold 0.1, since the reference has more
  than 1,000 rows. NannyML uses Jensen-Shannon with a threshold of three standard deviations of the windows of the
  reference.
- Numbers are standard normal before they change. "Remember" gives the correlation between the means of successive
  days (hours), which have a standard deviation of 0.2 (0.3). Weather varies by 0.6 from day to day and by 1 with the
  season, mild weather by 0.3 and 0.3.

## Aims

<<AIMS>>

If days remember 0.9, 28 days correspond to hardly three independent days, and the variation cannot be estimated from
them ([decision 0013](decisions/0013-restlessness-counts-twice.md)).

The shares at 1,000 rows are based on 100 columns, because changes are found less often in a column whose baseline variation
is above 0 by chance: 24 columns gave 94.8 % and 67.3 %, six others 90 % and 61 %. For the 500 random columns of
decision 0013 they are 97 % and 70 %.

## False alarms

Per 1,000 column-windows with a verdict; `judged` is the share of windows evaluated by ml_monitor.

<<FALSE>>

The unchanged flights also have alarms. Some of them are correct: from September on, different aircraft are used (61
to 100 `seats`: 7.1 to 7.9 % of the flights of each month until August, 10.4 % of each month after), and holiday
schedules differ. The calm air of `wind_speed` is weather, and the only alarm of a weather column. Days per column and
metric, of 278:

<<UNTOUCHED>>

## Changes found

<<FOUND>>

## Where another tool finds more

Cases in which another tool finds a change in at least a tenth more of the windows than ml_monitor, with the false
alarms of the same tool on the same traffic, per 1,000 windows.

<<BETTER>>

Summary:

- **Small changes of stable columns.** With 1,000 rows, Evidently and NannyML find a shift of 0.25 standard deviations
  every day, and ml_monitor warns on two of three days. NannyML finds a shift of five points between categories, for
  which ml_monitor seldom warns. ml_monitor has the evidence (`detected`: 95 % and 90 %), but the default limit is an
  excess of 0.05, about 0.23 standard deviations. A policy row with a lower limit warns for every detected change.
- **Slow changes.** For the same reason, NannyML finds a shift that grows over twenty days about three days earlier.
- **Highly variable columns.** A change must be larger than the normal variation of the column. If days or hours remember,
  weekends differ by 0.3 standard deviations, or each day has different entities, shifts of half a standard deviation
  are missed, and most shifts of one standard deviation. Rules without baseline variation find them, but if days vary at
  random, bare PSI and Evidently report drift for 140 to 1,000 of 1,000 unchanged windows. NannyML, whose limits come
  from the windows of the reference, is in between: 0 to 200, and 500 for the weather of the flights. If only weekends
  differ, NannyML and bare PSI are the better choice; if hours remember, NannyML is better for shifts of one standard
  deviation.
- **Few rows.** With fewer than `min_sample` (500) rows a day, ml_monitor judges PSI by the last 7 or 28 days, so it finds
  a change days or weeks later than a rule that judges 50 rows: bare PSI and Evidently find it at once, and report drift
  on most days on which there is none.
- **A lasting change of unit in a highly variable column** has alarms for about a week; then the baseline of the window mean
  has adapted.

## False incidents

An incident is a span of days in which an unchanged column had an alarm on two of the last three days. An incident
that does not end counts once, so the number of days with an open incident is given as well.

<<INCIDENTS>>
"""
SEASONAL = (
    "hour of the day",
    "weekday",
    "hours that remember",
    "days that remember 0.5",
    "days that remember 0.7",
)
INDEPENDENT = ("independent", "category", "many zeros")
WEATHER = ("weather", "mild weather")
BETTER_BY = 0.1


def totals(record: dict[str, Any], tool: str, traffics: Iterable[str], change: str = NONE) -> tuple[int, int]:
    """Judged windows and alarms of some kinds of traffic, of all monitors."""
    found = [
        one["tools"][tool]
        for one in record["groups"]
        if one["traffic"] in traffics and one["change"] == change and tool in one["tools"]
    ]
    return sum(one["evaluated"] for one in found), sum(one["alarms"] for one in found)


def per_thousand(windows: int, alarms: int) -> str:
    """Alarms of 1,000 windows, in words of a table."""
    return "" if not windows else f"{1000 * alarms / windows:.1f}"


def percent(part: int, whole: int) -> str:
    """A share, in words of a table."""
    return "" if not whole else f"{100 * part / whole:.0f} %"


def typical_delay(delays: list[int | None]) -> str:
    """The median of delays, where a column in which nothing was found has waited forever."""
    waited = statistics.median_high([math.inf if one is None else one for one in delays])
    return "never" if math.isinf(waited) else f"{waited:.0f}"


def rows_of(name: str) -> str:
    """Rows of a window of a monitor."""
    stream = ALL[name]
    rows = stream.rows_per_day // (24 if stream.windows == "hour" else 1)
    return f"{'about ' if stream is FLIGHTS else ''}{rows:,} by {stream.windows}"


def table(head: list[str], rows: list[list[str]]) -> str:
    """A table of Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines) + "\n"


def false_alarms_table(record: dict[str, Any]) -> str:
    """Alarms where nothing happened."""
    rows = []
    for one in record["groups"]:
        if one["change"] != NONE:
            continue
        ours = one["tools"][OURS]
        row = [one["traffic"], rows_of(one["stream"]), f"{ours['windows']:,}"]
        row.append(percent(ours["evaluated"], ours["windows"]))
        for tool in TOOLS:
            counts = one["tools"].get(tool, {"evaluated": 0, "alarms": 0})
            row.append(per_thousand(counts["evaluated"], counts["alarms"]))
        rows.append(row)
    return table(["traffic", "rows", "windows", "judged", *TOOLS], rows)


def found_table(record: dict[str, Any]) -> str:
    """Share of the windows in which a change was found, and the delay."""
    rows = []
    for one in record["groups"]:
        if one["change"] == NONE:
            continue
        ours = one["tools"][OURS]
        row = [f"{one['change']} ({one['traffic']})", rows_of(one["stream"])]
        row.append(percent(ours["detected"], ours["windows"]))
        for tool in TOOLS:
            counts = one["tools"].get(tool)
            row.append(
                f"{percent(counts['alarms'], counts['windows'])}; {typical_delay(counts['delays'])}"
                if counts
                else ""
            )
        rows.append(row)
    return table(["change", "rows", "detected", *TOOLS], rows)


def incident_words(one: dict[str, Any]) -> str:
    """The monitor of a row of incidents, and the columns left out of it."""
    without = ", ".join(f"`{name}`" for name in one["without"])
    return f"`{one['stream']}`" + (f" without {without}" if without else "")


def incidents_table(record: dict[str, Any]) -> str:
    """False incidents of a monitor and month."""
    rows = []
    for one in record["incidents"]:
        row = [incident_words(one)]
        for tool in TOOLS:
            counts = one["tools"].get(tool)
            words = "{incidents}, open on {open} of {days} days, {columns} columns"
            row.append(words.format(**counts) if counts else "")
        rows.append(row)
    return table(["monitor", *TOOLS], rows)


def untouched_table(record: dict[str, Any]) -> str:
    """Alarms of the flights as they are."""
    names = ("column", "metric", "days", "first", "last")
    return table(list(names), [[str(one[name]) for name in names] for one in record["untouched"]])


def better_table(record: dict[str, Any]) -> str:
    """Changes that another tool finds in more windows than ml_monitor, with what it says where nothing happens."""
    rows = []
    for one in record["groups"]:
        if one["change"] == NONE:
            continue
        ours = one["tools"][OURS]
        own = ours["alarms"] / ours["windows"]
        for tool in TOOLS[1:]:
            theirs = one["tools"].get(tool)
            if not theirs or theirs["alarms"] / theirs["windows"] < own + BETTER_BY:
                continue
            calm = [
                other["tools"][tool]
                for other in record["groups"]
                if (other["stream"], other["traffic"], other["change"])
                == (one["stream"], one["traffic"], NONE)
                and tool in other["tools"]
            ]
            false = per_thousand(sum(c["evaluated"] for c in calm), sum(c["alarms"] for c in calm))
            found = percent(theirs["alarms"], theirs["windows"])
            rows.append(
                [
                    f"{one['change']} ({one['traffic']})",
                    rows_of(one["stream"]),
                    f"{own:.0%}".replace("%", " %"),
                    tool,
                    found,
                    false,
                ]
            )
    return table(["change", "rows", OURS, "tool", "finds", "its false alarms there"], rows)


def found_share(
    record: dict[str, Any], stream: str, change: str, tool: str = OURS, of: str = "alarms"
) -> float:
    """Share of the windows of a change that a tool calls drifted."""
    counts = [
        one["tools"][tool]
        for one in record["groups"]
        if (one["stream"], one["change"]) == (stream, change) and tool in one["tools"]
    ]
    return sum(one[of] for one in counts) / sum(one["windows"] for one in counts)


def aims(record: dict[str, Any]) -> list[tuple[str, str, bool]]:
    """What was aimed at, what was measured, and whether it holds."""
    lines = []
    for words, traffics, limit in (
        ("false alarms per 1,000, independent rows: at most 1", INDEPENDENT, 1),
        ("false alarms per 1,000, seasonal and autocorrelated rows (days up to 0.7): at most 1", SEASONAL, 1),
        ("the same, days that remember 0.9", ("days that remember 0.9",), 1),
        ("false alarms per 1,000, columns like weather, generated: at most 5", WEATHER, 5),
        ("the same, weather of the flights", ("flights, weather",), 5),
    ):
        windows, alarms = totals(record, OURS, traffics)
        if windows:
            rate = 1000 * alarms / windows
            lines.append((words, f"{rate:.2f} ({alarms} of {windows:,})", rate <= limit))
    incidents = {incident_words(one): one["tools"][OURS] for one in record["incidents"]}
    rates = {name: one["incidents"] / (one["days"] / MONTH_DAYS) for name, one in incidents.items()}
    generated = {name: rate for name, rate in rates.items() if not name.startswith(f"`{FLIGHTS.name}`")}
    aim = "false drift incidents per monitor and month (2 of 3 days): at most 1"
    if generated:
        worst = max(generated, key=lambda name: generated[name])
        lines.append(
            (aim, f"{rates[worst]:.2f} in the worst of {len(generated)}, {worst}", rates[worst] <= 1)
        )
    for name in sorted(rates.keys() - generated.keys()):
        lines.append((f"the same, {name}", f"{rates[name]:.2f}", rates[name] <= 1))
    for stream, rows, of, limit in (
        ("rows_1000", "1,000", "detected", 0.95),
        ("rows_5000", "5,000", "detected", 0.95),
        ("rows_50000", "50,000", "detected", 0.95),
        ("rows_1000", "1,000", "alarms", 0.65),
        ("rows_5000", "5,000", "alarms", 0.85),
    ):
        if any(one["stream"] == stream for one in record["groups"]):
            share = found_share(record, stream, "shift 0.25 sd", of=of)
            verb = "detected" if of == "detected" else "warned of"
            lines.append(
                (
                    f"0.25 sd, {rows} independent rows, {verb} in {limit:.0%} of windows".replace("%", " %"),
                    f"{100 * share:.1f} %",
                    share >= limit,
                )
            )
    for words, stream, change, limit in (
        ("0.5 sd, 50 rows, columns warned of within 28 days: 95 %", "rows_50", "shift 0.5 sd", 0.95),
        ("0.5 sd, 330 rows, columns warned of within 28 days: 95 %", "rows_330", "shift 0.5 sd", 0.95),
    ):
        delays = [
            one
            for group in record["groups"]
            if (group["stream"], group["change"]) == (stream, change)
            for one in group["tools"][OURS]["delays"]
        ]
        if delays:
            found = [one for one in delays if one is not None]
            median = f"; median {typical_delay(delays)} days"
            lines.append(
                (
                    words,
                    f"{percent(len(found), len(delays))} of {len(delays)}{median}",
                    len(found) >= limit * len(delays),
                )
            )
    for stream in ("rows_1000", "rows_5000"):
        if any(one["stream"] == stream for one in record["groups"]):
            share = found_share(record, stream, "missing 20 %")
            words = f"20 % missing, {ALL[stream].rows_per_day:,} rows, found in every window"
            lines.append((words, f"{100 * share:.1f} %", share == 1))
    return lines


def aims_table(record: dict[str, Any]) -> str:
    """The aims, each measured."""
    return table(
        ["aim", "measured", ""],
        [[words, found, "holds" if holds else "**does not hold**"] for words, found, holds in aims(record)],
    )


def tables_text(record: dict[str, Any]) -> str:
    """All tables, for the terminal."""
    made = (false_alarms_table, found_table, incidents_table, better_table, aims_table)
    return "\n".join(one(record) for one in made)


def compact(record: dict[str, Any]) -> str:
    """The record as JSON, one group a line."""
    lists = {
        name: ",\n  ".join(json.dumps(one) for one in record[name])
        for name in ("groups", "incidents", "untouched")
    }
    head = json.dumps({"measured_on": record["measured_on"], "versions": record["versions"]})[1:-1]
    return "{" + head + "".join(f',\n"{name}": [\n  {lines}\n]' for name, lines in lists.items()) + "}\n"


def page_text(record: dict[str, Any]) -> str:
    """The page of the docs."""
    tables = {
        "AIMS": aims_table(record),
        "FALSE": false_alarms_table(record),
        "FOUND": found_table(record),
        "INCIDENTS": incidents_table(record),
        "BETTER": better_table(record),
        "UNTOUCHED": untouched_table(record),
        "EVIDENTLY": record["versions"].get(EVIDENTLY, ""),
        "NANNYML": record["versions"].get(NANNYML, ""),
    }
    text = PAGE
    for name, words in tables.items():
        text = text.replace(f"<<{name}>>", words.rstrip("\n"))
    return text

"""Whether an older commit and the present checkout make the same public tables of the same data.

    python tests/compare_commits.py --old 5fa83cf [--whole] [--histories 4]

The older commit is checked out below a temporary folder, which is removed at the end. Each side builds, with its own
models, scaffold and test helpers (``build_for_comparison.py``), the flights up to the end of April (``--whole``: all ten
months) and so many generated histories of ``histories.py`` from a fixed seed. Compared are the views over all monitors
and, of each monitor, the tables of ``TABLES``: columns, numbers of rows, floats to 1e-9 of the scale of their column,
everything else exactly. Not compared are the texts of checks that pass, and the columns of ``LEFT_OUT``, on which no two
runs agree. Tables and columns that have moved on purpose stand in ``MOVED``; a table or column that is gone and does not
stand there is a difference, a new one is only mentioned.

Prints one line per table, its rows (of the older commit) and ``equal`` or what differs; the exit status is 1 if anything
differs.
"""

from __future__ import annotations

import argparse
import pickle
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

sys.path.extend(str(Path(__file__).resolve().parents[1] / folder) for folder in ("tests/support", "scripts"))
from compare import INTERNAL, query_differences
from conftest import ROOT, prepare_demo
from histories import histories
from hypothesis import HealthCheck, Phase, given, seed, settings

BUILDER = "build_for_comparison.py"
# Of each monitor, after `<m>__`.
TABLES = (
    "inferences",
    "labels",
    "quarantine",
    "gate",
    "metrics",
    "checks",
    "drift",
    "data_quality",
    "performance",
)
# What was moved or renamed since the older commit, by the older name (`ml_drift`, or `<m>__drift` for each monitor):
#   "table": its present name, None if the table is gone; "columns": {older: present}; "gone": [older columns without one];
#   "where": SQL, the rows of the present table that are meant. Columns that only the present table has are not mentioned.
MOVED: dict[str, dict[str, Any]] = {
    # The id of a check is a hash of names, some of which were renamed.
    "ml_checks": {"gone": ["check_id"]},
    "<m>__checks": {"gone": ["check_id"]},
    "ml_gates": {"gone": ["check_id"]},
    "<m>__gate": {"gone": ["check_id"]},
    "ml_check_history": {"gone": ["check_id"]},
    # What only a verdict needs belongs to the checks.
    "ml_metrics": {"gone": ["is_warn_only", "detail"]},
    "<m>__metrics": {"gone": ["is_warn_only", "detail"]},
    "ml_drift": {"columns": {"restlessness": "baseline_variation"}},
    "<m>__drift": {"columns": {"restlessness": "baseline_variation"}},
    "ml_performance": {"columns": {"label_restlessness": "label_baseline_variation"}},
    "<m>__performance": {"columns": {"label_restlessness": "label_baseline_variation"}},
    "ml_relations": {
        "columns": {
            "joint_restlessness": "joint_baseline_variation",
            "correlation_restlessness": "correlation_baseline_variation",
        }
    },
    "ml_volume": {
        "columns": {
            "season_expected_rows": "seasonal_expected_rows",
            "season_volume_ratio": "seasonal_volume_ratio",
        }
    },
}
# Values that were renamed since, wherever a text is exactly one of these.
RENAMED = {
    "restless": "too_variable",
    "rolling": "trailing",
    "season": "seasonal",
    "season_volume_ratio": "seasonal_volume_ratio",
    "leakage_rate": "late_feature_rate",
    "leakage": "feature_time",
    "volume-season": "volume-seasonal",
    "quality-leakage": "quality-late-features",
}
# Words of messages that were renamed since. A window may still be called rolling.
RENAMED_IN_MESSAGES = {
    "not evaluated: restless": "not evaluated: too_variable",
    "against rolling,": "against trailing,",
    "against season,": "against seasonal,",
    "leakage rate": "late feature rate",
    "too restless for": "too variable for",
}
LEFT_OUT = {
    *INTERNAL,
    "training_state",
    "declaration_hash",
    "declaration_hashes",
    "ml_declaration_hash",
    "invocation_id",
    "recorded_at",
}
# Of checks that pass not compared.
TEXTS = ("message", "rows_query")
# Of the first history.
SEED = 20251121


# Two builds


def draw_history(number: int) -> tuple:
    """A history as (inferences, labels, as_of), always the same: of some that a seed draws, the one with the most predictions."""
    drawn: list[tuple] = []

    @seed(number)
    @settings(
        max_examples=8,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(history=histories(rows=60))
    def draw(history: Any) -> None:
        drawn.append((history.inferences, history.labels, history.as_of))

    draw()
    # Rows that come in one run only are no test of what a later run does.
    return max(drawn, key=lambda one: (len({run for run, _ in one[0]}) > 1, len(one[0])))


def build(checkout: Path, out: Path, arguments: list[str]) -> None:
    """Build everything with a checkout."""
    command = [sys.executable, str(checkout / "tests" / BUILDER), str(out), *arguments]
    finished = subprocess.run(command, cwd=checkout, capture_output=True, text=True, check=False)
    if finished.returncode:
        sys.exit(f"{' '.join(command)}:\n{finished.stdout}{finished.stderr}")
    print(finished.stdout, end="", flush=True)


def build_commit(commit: str, folder: Path, arguments: list[str]) -> None:
    """Build everything with a commit, in a checkout of its own that is removed again."""
    checkout = folder / "checkout"
    git = ["git", "-C", str(ROOT), "worktree"]
    subprocess.run([*git, "add", "--quiet", "--detach", str(checkout), commit], check=True)
    try:
        shutil.copy2(Path(__file__).with_name(BUILDER), checkout / "tests" / BUILDER)
        build(checkout, folder, arguments)
    finally:
        subprocess.run([*git, "remove", "--force", str(checkout)], check=True)


# Comparing


class Build:
    """A DuckDB file that one side has built."""

    def __init__(self, folder: Path) -> None:
        (self.database,) = folder.glob("*.duckdb")
        self.columns: dict[str, dict[str, str]] = {}
        with duckdb.connect(str(self.database), read_only=True) as connection:
            for table, column, kind in connection.execute(
                "select table_name, column_name, data_type from information_schema.columns order by ordinal_position"
            ).fetchall():
                self.columns.setdefault(table, {})[column] = kind
        self.monitors = [name.removesuffix("__gate") for name in self.columns if name.endswith("__gate")]

    def public_tables(self, seeds: set[str]) -> set[str]:
        """The views over all monitors, the public tables of each, and what MOVED names."""
        own = {f"{monitor}__{table}" for monitor in self.monitors for table in TABLES}
        fleet = {name for name in self.columns if name.startswith("ml_") and name not in seeds}
        return fleet | (own & set(self.columns)) | {name for name in self.columns if self.moved(name)}

    def moved(self, table: str) -> dict[str, Any] | None:
        """What MOVED says of a table; None for nothing."""
        for monitor in self.monitors:
            general = table.replace(f"{monitor}__", "<m>__", 1) if table.startswith(f"{monitor}__") else table
            if general in MOVED:
                found = MOVED[general]
                target = found.get("table", general)
                return found | {"table": target and target.replace("<m>", monitor)}
        return None


@dataclass
class Line:
    """What is said of a table."""

    rows: int = 0
    differs: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def renamed_value(column: str) -> str:
    """SQL of a column of the older commit, with the values and the words of messages that were renamed since."""
    value = f'"{column}"'
    if column in ("message", "comment"):
        for old, new in RENAMED_IN_MESSAGES.items():
            value = f"replace({value}, '{old}', '{new}')"
        return value
    cases = " ".join(f"when '{old}' then '{new}'" for old, new in RENAMED.items())
    return f"case cast({value} as varchar) {cases} else {value} end"


def select(table: str, columns: dict[str, str], renamed: set[str], where: str | None = None) -> str:
    """The select of columns, each under the name that it has in the older table: {name there: name here}.

    ``renamed`` are the columns whose values have older names.
    """
    fields = []
    for name, own in columns.items():
        is_text = name in TEXTS and "status" in columns
        status = columns.get("status")
        value = renamed_value(own) if name in renamed else f'"{own}"'
        value = f"""case when "{status}" <> 'pass' then {value} end""" if is_text else value
        fields.append(f'{value} as "{name}"')
    return f'select {", ".join(fields)} from "{table}"' + (f" where {where}" if where else "")


def compare_table(table: str, old: Build, new: Build) -> Line:
    """Compare a public table of the older build with what it is now."""
    moved = old.moved(table)
    target = moved["table"] if moved else table
    with duckdb.connect(str(old.database), read_only=True) as connection:
        line = Line(connection.execute(f'select count(*) from "{table}"').fetchone()[0])
    if target is None:
        line.notes.append("gone on purpose")
        return line
    if target.startswith("ml_") and "ml_metrics" not in new.columns:
        line.notes.append("histories are built without views over all monitors now")
        return line
    if target not in new.columns:
        line.differs.append("only in the older commit" if target == table else f"there is no {target}")
        return line
    gone = LEFT_OUT | set((moved or {}).get("gone", []))
    renamed = (moved or {}).get("columns", {})
    kinds = {name: kind for name, kind in old.columns[table].items() if name not in gone}
    present = {name: renamed.get(name, name) for name in kinds}
    there = new.columns[target]
    missing = [name for name, own in present.items() if own not in there]
    if missing:
        line.differs.append(f"without {', '.join(missing)}")
    for name in missing:
        del kinds[name], present[name]
    for name, own in present.items():
        if there[own] != kinds[name]:
            line.differs.append(f"{name} is {kinds[name]} and {there[own]}")
    more = [name for name in there if name not in present.values() and name not in LEFT_OUT]
    if more and not moved:
        line.notes.append(f"new: {', '.join(more)}")
    if target != table:
        line.notes.append(f"now {target}")
    texts = {name for name, kind in kinds.items() if kind == "VARCHAR" and name != "window_grain"}
    one = select(table, {name: name for name in present}, texts)
    two = select(target, present, set(), (moved or {}).get("where"))
    line.differs += query_differences(table, kinds, (old.database, one), (new.database, two))
    return line


def compare_builds(pairs: list[tuple[Path, Path]]) -> dict[str, Line]:
    """Compare each older build with its present one; a line for each table, over all pairs."""
    seeds = {path.stem for path in (ROOT / "seeds").glob("*.csv")}
    lines: dict[str, Line] = {}
    for number, (older, present) in enumerate(pairs, start=1):
        old, new = Build(older), Build(present)
        for table in sorted(old.public_tables(seeds)):
            line, found = lines.setdefault(table, Line()), compare_table(table, old, new)
            line.rows += found.rows
            for words in found.differs:
                words = words.removeprefix(f"{table}: ").removeprefix(f"{table}.")
                line.differs.append(f"in history {number} {words}" if len(pairs) > 1 else words)
            line.notes += [words for words in found.notes if words not in line.notes]
        targets = {moved["table"] for table in old.columns if (moved := old.moved(table))}
        for table in new.public_tables(seeds) - old.public_tables(seeds) - targets:
            lines[table] = Line(notes=["only in the present checkout"])
    return lines


def show(title: str, lines: dict[str, Line]) -> bool:
    """Print the lines; returns whether something differs."""
    print(f"\n{title}")
    width = max(len(table) for table in lines)
    for table, line in sorted(lines.items()):
        verdict = "" if "only in the present checkout" in line.notes else "equal"
        verdict = f"differs: {'; '.join(line.differs)}" if line.differs else verdict
        notes = f"({'; '.join(line.notes)})" if line.notes else ""
        print(f"  {table:<{width}}  {line.rows:>9,}  {verdict} {notes}".rstrip())
    return any(line.differs for line in lines.values())


def main() -> int:
    """Build both and compare; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--old", required=True, metavar="COMMIT", help="the commit to compare with")
    parser.add_argument("--whole", action="store_true", help="all months of the flights, not only to April")
    parser.add_argument("--histories", type=int, default=4, help="number of generated histories")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="compare_commits_") as name:
        folder = Path(name)
        raw = prepare_demo(ROOT / "build" / "test" / "raw")
        drawn = folder / "histories.pickle"
        drawn.write_bytes(
            pickle.dumps([draw_history(SEED + number) for number in range(arguments.histories)])
        )
        builder = ["--raw", str(raw), "--histories", str(drawn)] + ["--whole"] * arguments.whole
        print(f"building {arguments.old} ...", flush=True)
        build_commit(arguments.old, folder / "old", builder)
        print("building the present checkout ...", flush=True)
        build(ROOT, folder / "new", builder)
        numbers = range(1, arguments.histories + 1)
        flights = [(folder / "old" / "flights", folder / "new" / "flights")]
        of_histories = [
            (folder / "old" / f"history_{one}", folder / "new" / f"history_{one}") for one in numbers
        ]
        differs = show("flights", compare_builds(flights))
        if of_histories:
            differs |= show(f"{arguments.histories} histories", compare_builds(of_histories))
        return int(differs)


if __name__ == "__main__":
    sys.exit(main())

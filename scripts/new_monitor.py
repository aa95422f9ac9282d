"""Write a monitor from its tables: look at them, guess what the columns are, and write all files that `dbt build` needs.

    python scripts/new_monitor.py NAME --inferences TABLE [--labels TABLE] [--reference TABLE] [--lookup LOOKUP=TABLE ...]
    options: [--role [TABLE.]ROLE=COLUMN ...] [--task TASK] [--owner WHO] [--time-zone ZONE] [--force]
             [--project-dir DIR] [--profiles-dir DIR] [--profile PROFILE] [--target TARGET]

In a project that installs ml_monitor it is `dbt_packages/ml_monitor/scripts/new_monitor.py`, run in the root of the project
with the Python of dbt. A TABLE is what `suggest_contract` takes for a relation: `schema.table`, a model, a source table, or
files on DuckDB. One `dbt run-operation suggest_monitor` reads them with the profile and target of the project, so this works on
every adapter that ml_monitor is ported to. The macros of macros/config guess; docs/suggest_contract.md has their rules.

Prints what was guessed and why, a line per column, and writes

    models/staging/NAME/stg_NAME__<part>.sql    a select per table, with times in UTC
    models/staging/NAME/_NAME.yml               types, roles and limits
    models/monitors/NAME/...                    what scripts/scaffold.py writes
    dbt_project.yml                             NAME in the var ml_monitors; comments are kept

What is certain is given by ``--role``: ``--role event_time=inferred_at``, or ``--role labels.label=churned`` for one of the
tables. ``feature`` and ``context`` are roles, too.

Nothing is written if anything is wrong: all faults are printed and the exit status is 1. Files that are there and differ are
faults, unless ``--force`` is given. Only where dbt_project.yml cannot be edited safely, all else is written, the lines to add are
printed, and the exit status is 1.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import scaffold
import yaml

ANSWER = "ml_monitor="
PARTS = ("inferences", "labels", "reference")
# What dbt is asked: arguments and folder -> exit status and output.
RunDbt = Callable[[list[str], Path], tuple[int, str]]
Parts = dict[str, list[str]]


class NewMonitorError(Exception):
    """Something the caller must change; its text says what."""


def run_dbt(args: list[str], folder: Path) -> tuple[int, str]:
    """Run the command dbt of this Python, else that of the PATH."""
    beside = Path(sys.executable).with_name("dbt")
    command = str(beside) if beside.exists() else shutil.which("dbt")
    if command is None:
        raise NewMonitorError("no command dbt, neither beside this Python nor on the PATH")
    done = subprocess.run([command, *args], cwd=folder, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


# What the tables say


def suggestion(args: argparse.Namespace, tables: dict[str, str], roles: list[Any], dbt: RunDbt) -> Any:
    """What the macro suggest_monitor answers."""
    asked = {"monitor": args.name, "tables": tables, "roles": roles}
    asked |= {key: value for key in ("task", "owner", "time_zone") if (value := getattr(args, key))}
    command = ["--quiet", "--no-use-colors", "run-operation", "suggest_monitor"]
    command += ["--args", json.dumps(asked)]
    for key in ("profiles_dir", "profile", "target"):
        if getattr(args, key):
            command += [f"--{key.replace('_', '-')}", getattr(args, key)]
    status, output = dbt(command, args.project_dir)
    for line in output.splitlines():
        if line.startswith(ANSWER):
            answer = json.loads(line.removeprefix(ANSWER))
            if answer["faults"]:
                raise NewMonitorError(answer["faults"])
            return answer
    hint = ""
    if "suggest_monitor" in output and "not find" in output:
        hint = "\nIs the package ml_monitor in packages.yml, and did `dbt deps` run?"
    raise NewMonitorError(f"dbt could not look at the tables (exit status {status}):\n{output.strip()}{hint}")


def report(answer: Any) -> str:
    """What was guessed, a line per column."""
    lines = []
    for table in answer["tables"]:
        task = f", task {table['task']}" if table["task"] else ""
        lines += ["", f"{table['relation']} -> {table['name']}: {table['rows']:,} rows{task}"]
        shown = [
            [name, role + (f" ({declared})" if declared else ""), why]
            for name, role, declared, why in table["columns"]
        ]
        first, second = (min(max(len(row[n]) for row in shown), 60) for n in (0, 1))
        lines += [f"  {name:<{first}}  {role:<{second}}  {why}".rstrip() for name, role, why in shown]
        if table["segments"]:
            lines.append(f"  segments: {', '.join(table['segments'])}")
    return "\n".join([*lines[1:], "", *answer["facts"]])


# dbt_project.yml


def with_monitors(text: str, monitors: Parts) -> str | None:
    """The text of dbt_project.yml with these monitors in the var ml_monitors; none if it cannot be edited safely.

    Lines are added or replaced, so comments stay. The result is read again: nothing else may have changed.
    """
    try:
        lines, project, root = text.splitlines(), yaml.safe_load(text), yaml.compose(text)
        entries = [f"{name}: {scaffold.flow(list(parts or []))}" for name, parts in monitors.items()]
        said, variables = project.get("vars") or {}, value_of(root, "vars")
        own = said.get(project["name"])
        if "ml_monitors" not in said and isinstance(own, dict) and "ml_monitors" in own:
            said, variables = own, value_of(variables, project["name"])
        listed = value_of(variables, "ml_monitors")
        if variables is None:
            lines += ["", "vars:", "  ml_monitors:", *(f"    {entry}" for entry in entries)]
        elif listed is None:
            indent, end = block_of(variables)
            lines[end:end] = [f"{indent}ml_monitors:", *(f"{indent}  {entry}" for entry in entries)]
        else:
            indent, end = block_of(listed)
            lines[end:end] = [
                f"{indent}{entry}"
                for name, entry in zip(monitors, entries, strict=True)
                if name not in said["ml_monitors"]
            ]
            for key, value in listed.value:
                line, last = key.start_mark.line, value.end_mark
                is_changed = said["ml_monitors"][key.value] != monitors.get(key.value, [])
                if key.value in monitors and is_changed and last.line == line:
                    entry = entries[list(monitors).index(key.value)]
                    lines[line] = f"{indent}{entry}{lines[line][last.column :]}"
        changed = "\n".join(lines) + "\n"
        project.setdefault("vars", said)
        said["ml_monitors"] = dict(said.get("ml_monitors") or {}) | monitors
        return changed if yaml.safe_load(changed) == project else None
    except (yaml.YAMLError, ValueError, TypeError, AttributeError, KeyError):
        return None


def value_of(node: Any, key: str) -> Any:
    """The node behind a key of a mapping of YAML, or none."""
    if not isinstance(node, yaml.MappingNode):
        return None
    return next((value for name, value in node.value if name.value == key), None)


def block_of(node: Any) -> tuple[str, int]:
    """The indentation of the entries of a mapping in block style, and the line after the last; else raises ValueError."""
    if not isinstance(node, yaml.MappingNode) or node.flow_style or not node.value:
        raise ValueError("not a mapping in block style")
    last = node
    while isinstance(last, yaml.CollectionNode) and not last.flow_style and last.value:
        last = last.value[-1][1] if isinstance(last, yaml.MappingNode) else last.value[-1]
    return " " * node.value[0][0].start_mark.column, last.end_mark.line + 1


# Files


def planned(args: argparse.Namespace, models: Path, answer: Any, parts: list[str]) -> dict[Path, str | None]:
    """Every file of the monitor and its text; none for a file that must go."""
    staging = {f"_{args.name}.yml": answer["yaml"] + "\n"}
    for table in answer["tables"]:
        if table["sql"]:
            comment = f"-- Written by new_monitor.py from {table['relation']}; yours to edit."
            staging[f"{table['name']}.sql"] = f"{comment}\n{table['sql']}\n"
    with tempfile.TemporaryDirectory() as folder:
        # The scaffold copies contracts from the YAML of staging, which is not written yet.
        (Path(folder) / "staging.yml").write_text(answer["yaml"], encoding="utf-8")
        monitor = scaffold.monitor_files(args.name, parts, Path(folder), demo=False)
    files: dict[Path, str | None] = {
        models / "staging" / args.name / name: text for name, text in staging.items()
    }
    return files | {models / "monitors" / args.name / name: text for name, text in monitor.items()}


def declared_elsewhere(models: Path, files: dict[Path, str | None], answer: Any) -> list[str]:
    """Faults of other files that have the staging models already: dbt takes each name once."""
    names = {table["name"] for table in answer["tables"] if table["sql"]}
    declared = re.compile(rf"name: *[\"']?({'|'.join(table['name'] for table in answer['tables'])})\b")
    faults = []
    for path in sorted(models.rglob("*")):
        if path in files or not path.is_file():
            continue
        if path.suffix in (".sql", ".py") and path.stem in names:
            faults.append(f"{path}: is {path.stem} already; remove it, or pass it as the table")
        elif path.suffix in (".yml", ".yaml") and (
            found := declared.search(path.read_text(encoding="utf-8"))
        ):
            faults.append(f"{path}: declares {found[1]} already; remove it there")
    return faults


def kept_entry(args: argparse.Namespace, monitors: Parts, parts: list[str]) -> list[str]:
    """A fault if the var lists the monitor with other parts and may not be changed."""
    known = monitors.get(args.name)
    if known is None or list(known or []) == parts or args.force:
        return []
    found = scaffold.flow(list(known or []))
    return [f"dbt_project.yml: ml_monitors has {args.name}: {found}, not {scaffold.flow(parts)}"]


# The command


def arguments(given: list[str] | None = None) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description="Write a monitor from its tables.")
    parser.add_argument("name", help="the monitor, such as churn")
    parser.add_argument("--inferences", required=True, metavar="TABLE", help="one row per prediction")
    parser.add_argument("--labels", metavar="TABLE", help="one row per outcome")
    parser.add_argument("--reference", metavar="TABLE", help="the training set")
    parser.add_argument("--lookup", action="append", default=[], metavar="NAME=TABLE")
    parser.add_argument("--role", action="append", default=[], metavar="[TABLE.]ROLE=COLUMN")
    parser.add_argument("--task", choices=("binary", "multiclass", "regression"))
    parser.add_argument("--owner", help="who acts on a failed gate")
    parser.add_argument("--time-zone", metavar="ZONE", help="whose hours of the day are compared")
    parser.add_argument("--force", action="store_true", help="overwrite files that differ")
    parser.add_argument("--project-dir", type=Path, default=Path(), help="the dbt project (default: here)")
    for option in ("--profiles-dir", "--profile", "--target"):
        parser.add_argument(option, help="as of dbt")
    return parser.parse_args(given)


def asked_tables(args: argparse.Namespace) -> tuple[dict[str, str], list[Any]]:
    """The tables by part, and the roles that are certain; raises with everything that is wrong on the command line."""
    faults = []
    tables = {part: getattr(args, part) for part in PARTS if getattr(args, part)}
    for text in args.lookup:
        name, _, table = text.partition("=")
        if not table:
            faults.append(f"--lookup {text}: write --lookup NAME=TABLE, such as --lookup weather=raw.weather")
        elif name in scaffold.PLAIN_PARTS:
            faults.append(
                f"--lookup {text}: {name} is no lookup but a part of its own (docs/declarations.md)"
            )
        tables[name] = table
    roles = []
    for text in args.role:
        target, _, column = text.partition("=")
        table, _, role = target.rpartition(".")
        if not column or not role:
            faults.append(f"--role {text}: write --role ROLE=COLUMN, such as --role event_time=inferred_at")
        roles.append([table or None, role, column])
    for names in ([args.name, []], *([args.name, [part]] for part in tables if part not in PARTS)):
        try:
            scaffold.check_names(*names)
        except scaffold.ScaffoldError as error:
            faults.append(str(error))
    if not (args.project_dir / "dbt_project.yml").is_file():
        faults.append(
            f"{args.project_dir / 'dbt_project.yml'} does not exist: run this in the root of a dbt project"
        )
    if faults:
        raise NewMonitorError("\n".join(dict.fromkeys(faults)))
    return tables, roles


def run(args: argparse.Namespace, dbt: RunDbt = run_dbt) -> int:
    """Do what the command line says; returns the exit status."""
    tables, roles = asked_tables(args)
    project = scaffold.read_project(args.project_dir)
    models = (project.get("model-paths") or ["models"])[0]
    answer = suggestion(args, tables, roles, dbt)
    parts = [part for part in tables if part != "inferences"]
    files = planned(args, args.project_dir / models, answer, parts)
    print(report(answer))
    elsewhere = declared_elsewhere(args.project_dir / models, files, answer)
    faults = elsewhere + kept_entry(args, answer["monitors"], parts)
    found = scaffold.differences(files)
    faults += [f"{path}: {what}" for path, what in found.items() if what != "missing"]
    if elsewhere or (faults and not args.force):
        raise NewMonitorError(
            "nothing was written; --force overwrites what differs and removes what is not needed:\n"
            + "\n".join(f"  {fault}" for fault in faults)
        )
    done = scaffold.write(files, force=True)
    own = str(args.project_dir / models / "monitors" / args.name)
    print("\n" + "\n".join(line for line in done if own not in line))
    print(f"wrote {own}: {sum(own in line for line in done)} files")
    # Without the var our own project runs its demo, which stays.
    monitors = answer["monitors"] | {args.name: parts}
    path = args.project_dir / "dbt_project.yml"
    before = path.read_bytes().decode("utf-8")
    after = with_monitors(before, monitors)
    if after is None:
        entries = "\n".join(f"    {name}: {scaffold.flow(list(its or []))}" for name, its in monitors.items())
        raise NewMonitorError(
            f"all files are written but {path}, which cannot be edited safely. "
            f"Let its var ml_monitors be:\n\nvars:\n  ml_monitors:\n{entries}"
        )
    if after != before:
        after = after.replace("\n", "\r\n") if "\r\n" in before else after
        path.write_text(after, encoding="utf-8", newline="")
        print(f"added {args.name} to the var ml_monitors in {path}")
    if not args.owner:
        print(f"\nReplace owner: team@example.com in _{args.name}.yml. Then: dbt build")
    else:
        print("\nThen: dbt build")
    return 0


def main() -> None:
    """Run, and print a mistake as one message."""
    try:
        sys.exit(run(arguments()))
    except (NewMonitorError, scaffold.ScaffoldError) as error:
        sys.exit(f"new_monitor: {error}")


if __name__ == "__main__":
    main()

"""Write the models of a monitor and the YAML that describes what people read of them.

    python scripts/scaffold.py NAME [--parts labels reference LOOKUP ...] [--package] [--demo]
    python scripts/scaffold.py --fleet
    options of both: [--project-dir DIR] [--force] [--check]

``NAME`` writes ``models/monitors/NAME/NAME__<table>.sql``, one line each, and ``_NAME__monitor.yml`` with the contracts of what
people read and the tests of the gate, then prints what is left to do. ``--parts`` says what the monitor has besides
its inferences: ``labels``, ``reference`` (its training set), ``counts`` (the service's own count of its rows),
``registry`` (the active entities), ``offline`` (a feature table to compare with), ``relations`` (pairs of columns),
``embeddings`` and ``attributions`` (columns of the inferences with these roles), or the name of a lookup that features are
joined from. ``--fleet`` writes ``models/fleet/_fleet.yml``.

``NAME__inferences``, ``NAME__labels`` and ``NAME__quarantine`` have the columns of staging: they get their contracts from
the YAML of the staging models, if it is there. Run the command again, with ``--force``, when these columns change. For a staging
model that is not there yet, a file is written that says so when it is built, so that dbt can parse the project.

Files that are there and differ are never touched: then nothing at all is written and the exit status is 1,
unless ``--force`` is given. ``--check`` writes nothing and exits with 1 if the files are not what would be
written.

``--package`` is for a project that installs ml_monitor as a package, the default if the project has another
name. ``--demo`` is for the monitors that ml_monitor itself ships: they are switched off in such a project.
"""

from __future__ import annotations

import argparse
import ast
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

MACROS = Path(__file__).parent.parent / "macros"
FLEET_FILE = Path(__file__).with_name("fleet_views.yml")
PACKAGE = "ml_monitor"
NAME_PATTERN = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
# As macros/config/monitor_parts.sql has them.
PLAIN_PARTS = (
    "labels",
    "reference",
    "counts",
    "registry",
    "offline",
    "relations",
    "embeddings",
    "attributions",
)
PARTS_WITHOUT_STAGING = ("relations", "embeddings", "attributions")
RESERVED_PARTS = ("inferences", "joins", "reconciliation")
# Models whose macro has another name: a public macro that measures raw rows has theirs.
MACRO_NAMES = {"relations": "relations_metrics", "parity": "parity_metrics"}
# Columns that only keep the tables up to date; the fleet leaves them out.
INTERNAL_COLUMNS = (
    "rebuild_key",
    "baseline_state",
    "training_state",
    "source_state",
    "offline_state",
    "input_state",
    "ml_batch",
    "labels_batch",
)
DOUBLE = "{{ 'double precision' if target.type in ('postgres', 'redshift') else 'double' }}"
DOUBLE_ALIAS = "*double"
# Of `config.meta` of stg_<m>__inferences, beside `ml_monitor`; the gate tests carry them on.
ALERT_KEYS = ("channel", "subscribers", "tags")
DEMO_ONLY = f"{{{{ project_name == '{PACKAGE}' }}}}"
# Of lists of columns, of which as many stand on a line as fit.
LIST_WIDTH = 200

Column = dict[str, Any]


class ScaffoldError(Exception):
    """Something the caller must change; its text says what."""


# What the macros say


def macro_value(name: str) -> Any:
    """The list or dict of literals that a macro returns, such as the columns of a table."""
    pattern = re.compile(
        rf"{{% macro {name}\(\) %}}\n    {{%- do return\((ml_monitor.listed_columns\()?(.*?)\) -%}}\n{{% endmacro %}}",
        re.DOTALL,
    )
    for path in MACROS.rglob("*.sql"):
        found = pattern.search(path.read_text(encoding="utf-8"))
        if found:
            text = found.group(2).removesuffix(")") if found.group(1) else found.group(2)
            value = ast.literal_eval(re.sub(r"(?<=: )none(?=[,}])", "None", text))
            return listed_columns(value) if found.group(1) else value
    raise ScaffoldError(f"no macro {name} below {MACROS} returns a list of literals")


def listed_columns(items: list[Any]) -> list[list[str]]:
    """The columns that a list stands for, as the macro of this name has it: name, type and description of each."""
    common = macro_value("common_columns")
    columns: list[list[str]] = []
    for item in items:
        if isinstance(item, str):
            columns.append([item, *common[item]] if item in common else column_of_name(item))
        elif len(item) == 2:
            columns += [[name, common[name][0], item[1]] for name in item[0].split(", ")]
        elif item[1] == "bounded":
            columns.append([item[0], "double", item[2]])
            columns += [column_of_name(f"{item[0]}_{side}") for side in ("low", "high")]
        else:
            columns.append(item)
    return columns


def column_of_name(name: str) -> list[str]:
    """A Wilson bound or a rate, whose name says what it is."""
    of, _, ending = name.rpartition("_")
    bound = f"99.9 % Wilson bound of {of}."
    texts = {"low": f"Lower {bound}", "high": f"Upper {bound}", "rate": f"{of}_count / row_count (0 to 1)."}
    return [name, "double", texts[ending]]


def tables_of(parts: list[str]) -> list[str]:
    """The tables of a monitor with these parts, without those that are groups of another table."""
    grouped = (
        "volume",
        "freshness",
        "join_cardinality",
        "reconciliation",
        "quality_score",
        "runs",
        "check_history",
    )
    return [
        name
        for name, part in macro_value("parts_of_tables").items()
        if name not in grouped and has_part(part, parts)
    ]


def table_columns(table: str, monitor: str) -> list[Column]:
    """The columns of a table, as its macro lists them."""
    return [
        {"name": name, "data_type": kind, "description": text.replace("<m>", monitor)}
        for name, kind, text in macro_value(f"{table}_columns")
    ]


def has_part(part: str | None, parts: list[str]) -> bool:
    """Whether a monitor has what a table needs; ``joins`` is labels or a lookup, ``reconciliation`` counts or registry."""
    if part == "joins":
        return any(name == "labels" or name not in PLAIN_PARTS for name in parts)
    if part == "reconciliation":
        return "counts" in parts or "registry" in parts
    return part is None or part in parts


def staging_model(models: Path, name: str) -> dict[str, Any]:
    """What YAML declares of a staging model; empty if none does."""
    for path in sorted(models.rglob("*.y*ml")):
        text = path.read_text(encoding="utf-8")
        for model in (yaml.safe_load(text) or {}).get("models") or [] if name in text else []:
            if model.get("name") == name:
                return model
    return {}


def staging_columns(models: Path, name: str) -> list[Column] | None:
    """The columns that the YAML of a staging model declares; none without a contract, or if one has no type."""
    model = staging_model(models, name)
    contract = (model.get("config") or {}).get("contract") or {}
    columns = model.get("columns") or []
    typed = all(column.get("name") and column.get("data_type") for column in columns)
    return columns if contract.get("enforced") and columns and typed else None


def alert_meta(models: Path, monitor: str) -> dict[str, Any]:
    """Whom Elementary tells of a failed gate: the declared owner, and the keys that stand beside ``ml_monitor``."""
    meta = (staging_model(models, f"stg_{monitor}__inferences").get("config") or {}).get("meta") or {}
    declared = {"owner": (meta.get(PACKAGE) or {}).get("owner")} | {key: meta.get(key) for key in ALERT_KEYS}
    return {key: value for key, value in declared.items() if value}


# YAML


def scalar(value: Any) -> str:
    """A YAML scalar that may stand in a flow collection: plain if it can be, else in double quotes."""
    text = str(value).lower() if isinstance(value, bool) else str(value)
    if text == DOUBLE_ALIAS:
        return text
    try:
        plain = yaml.safe_load(f"{{k: [{text}]}}") == {"k": [value]}
    except yaml.YAMLError:
        plain = False
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return text if plain else f'"{escaped}"'


def flow(value: Any) -> str:
    """A value as YAML in flow style, on one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(flow(item) for item in value) + "]"
    return scalar(value)


def column_entry(column: Column) -> str:
    """One column as YAML in flow style."""
    kind = column["data_type"]
    entry = {"name": column["name"], "data_type": DOUBLE_ALIAS if kind in ("double", DOUBLE) else kind}
    entry |= {key: column[key] for key in ("quote", "description") if column.get(key)}
    return flow(entry)


def column_lines(columns: list[Column]) -> list[str]:
    """The columns of a model, one per line."""
    return [f"      - {column_entry(column)}" for column in columns]


def packed_columns(entries: list[str]) -> list[str]:
    """The columns of a model, as many to a line as fit."""
    lines = [""]
    for entry in entries:
        if lines[-1] and len(lines[-1]) + 2 + len(entry) > LIST_WIDTH:
            lines.append("")
        lines[-1] += (" " if lines[-1] else "") + entry + ","
    return ["    columns: [", *(f"      {line}" for line in lines), "    ]"]


def model_lines(name: str, description: str, more: list[str]) -> list[str]:
    """One model of a properties file."""
    return ["", f"  - name: {name}", f"    description: {scalar(description)}", *more]


def header(comment: str, anchors: Sequence[str] = ()) -> list[str]:
    """The first lines of a properties file."""
    return [comment, "anchors:", f'  - &double "{DOUBLE}"', *anchors, "", "models:"]


def monitor_yaml(monitor: str, parts: list[str], models: Path, demo: bool) -> str:
    """The properties of what people read of a monitor, and the tests of its gate."""
    command = (
        f"scaffold.py {monitor}{' --parts ' + ' '.join(parts) if parts else ''}{' --demo' if demo else ''}"
    )
    comment = (
        f"# What people read of the monitor {monitor}, as {command} writes it; "
        "docs/tables.md of ml_monitor has its other tables."
    )
    enabled = {"enabled": DEMO_ONLY} if demo else {}
    contract = {"contract": {"enforced": True}}
    staging = f"stg_{monitor}"
    descriptions = {
        "inferences": "One row per prediction id, without quarantined rows, "
        f"with the columns of {staging}__inferences. A view on the log.",
        "labels": "One row per prediction id with a label, its newest correction, "
        f"with the columns of {staging}__labels. A view on the log.",
        "quarantine": "One row per row of the inference log that could not be used: "
        f"the columns of {staging}__inferences with their raw values, and the reason. A view on the log.",
    }
    lines: list[str] = []
    for table, text in descriptions.items():
        if table == "labels" and "labels" not in parts:
            continue
        staged = staging_columns(models, f"stg_{monitor}__{'labels' if table == 'labels' else 'inferences'}")
        config = enabled | (contract if staged else {})
        more = [f"    config: {flow(config)}"] if config else []
        # The quarantine has the columns of the inferences, and more: YAML names each once.
        if staged and table == "inferences":
            more += packed_columns([f"&c{n} {column_entry(column)}" for n, column in enumerate(staged, 1)])
        elif staged and table == "labels":
            more += packed_columns([column_entry(column) for column in staged])
        elif staged:
            added = [column_entry(column) for column in table_columns("quarantine", monitor)]
            more += packed_columns([*(f"*c{n}" for n in range(1, len(staged) + 1)), *added])
        lines += model_lines(f"{monitor}__{table}", text, more)
    unique = {"name": f"{monitor}__windows_are_unique", "arguments": {"monitor": monitor}}
    config = [f"    config: {flow(enabled)}"] if enabled else []
    lines += model_lines(
        f"{monitor}__checks",
        "One row per metric value that a policy names, with its verdict. Read by the gate and by those who ask why it failed.",
        [*config, f"    data_tests: [{PACKAGE}.unique_windows: {flow(unique)}]"],
    )
    alert = alert_meta(models, monitor)
    tests = []
    for category in macro_value("gate_categories"):
        if category == "performance" and "labels" not in parts:
            continue
        test = {"name": f"{monitor}__gate_{category}", "arguments": {"category": category}}
        # The name of an anchor is no scalar: flow() would quote it.
        text = flow(test).removesuffix("}") + (", config: *alert}" if alert else "}")
        tests.append(f"      - {PACKAGE}.gate: {text}")
    gate = (
        "One row per check that became possible to judge in the last 48 hours before as_of (var ml_gate_lookback_hours), "
        "and one per category of which none could be evaluated (reason no_checks). "
        "Its tests, one per category, fail on status fail and warn on new warnings."
    )
    columns = packed_columns([column_entry(column) for column in table_columns("gate", monitor)])
    config = [f"    config: {flow(enabled | contract)}", "    data_tests:"]
    lines += model_lines(f"{monitor}__gate", gate, [*config, *tests, *columns])
    anchors = [f"  - &alert {flow({'meta': alert})}"] if alert else []
    return "\n".join(header(comment, anchors) + lines[1:]) + "\n"


def monitor_files(monitor: str, parts: list[str], models: Path, demo: bool) -> dict[str, str | None]:
    """The files of a monitor by name; None for a table it does not have, so that its file must go."""
    wanted = tables_of(parts)
    files: dict[str, str | None] = {}
    for table in tables_of([*PLAIN_PARTS, "lookup"]):
        call = f"{{{{ {PACKAGE}.{MACRO_NAMES.get(table, table)}('{monitor}') }}}}\n"
        files[f"{monitor}__{table}.sql"] = call if table in wanted else None
    files[f"_{monitor}__monitor.yml"] = monitor_yaml(monitor, parts, models, demo)
    return files


def fleet_yaml() -> str:
    """The properties of the views over all monitors; the fleet macro selects the columns they list."""
    lines: list[str] = []
    config = f"    config: {flow({'access': 'public', 'tags': [PACKAGE], 'contract': {'enforced': True}})}"
    for name, view in yaml.safe_load(FLEET_FILE.read_text(encoding="utf-8")).items():
        columns = table_columns(view.get("table", name), "<monitor>")
        columns = [column for column in columns if column["name"] not in INTERNAL_COLUMNS]
        lines += model_lines(name, view["description"], [config, "    columns:", *column_lines(columns)])
    comment = (
        "# The views over all monitors, as scaffold.py --fleet writes them. Each has the columns listed."
    )
    return "\n".join(header(comment) + lines[1:]) + "\n"


# What is left to do


def staging_template(monitor: str, parts: list[str]) -> str:
    """YAML of the staging models, to be filled in."""

    def model(table: str, description: str, config: list[str], columns: list[str]) -> list[str]:
        return [
            f"  - name: stg_{monitor}__{table}",
            f"    description: {description}",
            "    config:",
            "      contract: {enforced: true}",
            *config,
            "    columns:",
            *(f"      - {column}" for column in columns),
        ]

    def column(name: str, data_type: str, role: str, more: str = "") -> str:
        meta = f", config: {{meta: {{role: {role}{more}}}}}" if role else ""
        return f"{{name: {name}, data_type: {data_type}{meta}}}"

    lookups = [part for part in parts if part not in PLAIN_PARTS]
    monitor_meta = [
        "task: binary  # or multiclass, regression",
        "owner: team@example.com  # who acts on a failed gate",
    ]
    monitor_meta += ["time_zone: UTC", "segments: [country]"]
    if "labels" in parts:
        monitor_meta += ["label_horizon_hours: 24  # after this, labels count as complete"]
    entities = [column("customer_id", "string", "entity_id")] if {"registry", "offline"} & {*parts} else []
    features = [
        column("country", "string", "feature"),
        column("amount", "*double", "feature", ", min: 0, max: 100000"),
    ]
    vectors = []
    if "embeddings" in parts:
        vectors += [column("text_embedding", '"double[]"', "embedding", ", dimensions: 384")]
    if "attributions" in parts:
        vectors += [
            column(f"{name}_attribution", "*double", "attribution", f", of: {name}")
            for name in ("country", "amount")
        ]
    lines = ["anchors:", f'  - &double "{DOUBLE}"', "", "models:"]
    lines += model(
        "inferences",
        "One row per write of the scoring service.",
        ["      meta:", f"        {PACKAGE}:", *(f"          {line}" for line in monitor_meta)],
        [
            column("prediction_id", "string", "prediction_id"),
            column("event_time", "timestamp", "event_time") + "  # UTC",
            column("ingest_time", "timestamp", "ingest_time") + "  # UTC",
            column("model_version", "string", "model_version"),
            *features,
            *(column(f"{lookup}_id", "string", "join_key") for lookup in lookups),
            *entities,
            *vectors,
            column("score", "*double", "score", ", min: 0, max: 1"),
        ],
    )
    if "labels" in parts:
        columns = [
            column("prediction_id", "string", "prediction_id"),
            column("label", "int", "label"),
            column("label_time", "timestamp", "label_time") + "  # UTC",
            column("ingest_time", "timestamp", "ingest_time") + "  # UTC",
        ]
        lines += ["", *model("labels", "One row per write of an outcome.", [], columns)]
    if "reference" in parts:
        columns = [
            column("country", "string", "") + "  # features have the names and types of the inferences",
            column("amount", "*double", ""),
            column("score", "*double", "") + "  # out-of-fold, if there is one",
            column("label", "int", "label"),
        ]
        lines += ["", *model("reference", "The training set.", [], columns)]
    if "counts" in parts:
        columns = [
            column("count_hour", "timestamp", "count_hour") + "  # UTC",
            column("row_count", "bigint", "row_count"),
        ]
        lines += ["", *model("counts", "Predictions per hour, as the service counted them.", [], columns)]
    if "registry" in parts:
        columns = [
            *entities,
            column("active_from", "timestamp", "active_from") + "  # UTC; optional",
            column("active_until", "timestamp", "active_until") + "  # UTC, exclusive; optional",
        ]
        lines += ["", *model("registry", "The entities that should be scored.", [], columns)]
    if "offline" in parts:
        columns = [
            *entities,
            column("event_time", "timestamp", "event_time") + "  # UTC",
            column("country", "string", "feature") + "  # features have the names of the inferences",
            column("amount", "*double", "feature"),
        ]
        lines += ["", *model("offline", "The offline feature table.", [], columns)]
    for lookup in lookups:
        columns = [column(f"{lookup}_id", "string", "join_key", f", inference_column: {lookup}_id")]
        lines += [
            "",
            *model(lookup, f"Keys of the table that features are joined from ({lookup}).", [], columns),
        ]
    return "\n".join(lines)


def next_steps(project: dict[str, Any], monitor: str, parts: list[str], models: str, package: bool) -> str:
    """What the user writes by hand after the files are there."""
    variables = project.get("vars") or {}
    listed = variables.get("ml_monitors") or (variables.get(project.get("name")) or {}).get("ml_monitors")
    monitors = dict(listed or {}) | {monitor: parts}
    staging = f"{models}/staging/{monitor}"
    staged = [part for part in ["inferences", *parts] if part not in PARTS_WITHOUT_STAGING]
    tables = "\n".join(f"{staging}/stg_{monitor}__{table}.sql" for table in staged)
    project_file = "In dbt_project.yml:"
    if not listed and not package:
        project_file = (
            "In dbt_project.yml (the demo is only the default: list its monitors too, or delete them):"
        )
    steps = [
        f"{project_file}\n\nvars:\n  ml_monitors:\n"
        + "\n".join(f"    {name}: {flow(list(its_parts or []))}" for name, its_parts in monitors.items()),
        "One select per file, with the columns of the next step "
        f"(JSON Lines and text: docs/bad_input.md of {PACKAGE}):\n\n{tables}",
        f"In {staging}/_{monitor}.yml, with your columns:\n\n{staging_template(monitor, parts)}",
        f"dbt build, or for this monitor alone: dbt build --select +tag:{monitor}",
    ]
    if package:
        steps.insert(0, f"In packages.yml, if it is not there yet, the package {PACKAGE}; then dbt deps.")
    return "\nNext steps\n\n" + "\n\n".join(f"{number}. {step}" for number, step in enumerate(steps, start=1))


# Files


def differences(files: dict[Path, str | None]) -> dict[Path, str]:
    """What is missing, different, or there although it should not be."""
    found = {}
    for path, text in files.items():
        if text is None:
            if path.exists():
                found[path] = "not needed"
        elif not path.exists():
            found[path] = "missing"
        elif path.read_text(encoding="utf-8") != text:
            found[path] = "differs"
    return found


def write(files: dict[Path, str | None], force: bool) -> list[str]:
    """Write what is missing; raise if that is not enough, and with ``force`` overwrite and remove."""
    found = differences(files)
    kept = [f"  {path}: {what}" for path, what in found.items() if what != "missing"]
    if kept and not force:
        raise ScaffoldError(
            "Nothing was written; --force overwrites what differs and removes what is not needed:\n"
            + "\n".join(kept)
        )
    done = []
    for path in found:
        text = files[path]
        if text is None:
            path.unlink()
            done.append(f"removed {path}")
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
            done.append(f"wrote {path}")
    return done


def staging_stubs(models: Path, monitor: str, parts: list[str]) -> dict[Path, str | None]:
    """A file for each staging model that there is none of: dbt parses nothing while a model refers to one that is not there."""
    stubs: dict[Path, str | None] = {}
    for part in ["inferences", *parts]:
        name = f"stg_{monitor}__{part}"
        if part in PARTS_WITHOUT_STAGING or any(path.stem == name for path in models.rglob("stg_*")):
            continue
        path = models / "staging" / monitor / f"{name}.sql"
        text = f"{name}.sql is not written yet: one select with the columns that _{monitor}.yml declares"
        stubs[path] = f"{{{{ exceptions.raise_compiler_error('{text}') if execute }}}}\n"
    return stubs


def read_project(directory: Path) -> dict[str, Any]:
    """dbt_project.yml of the project that is written to."""
    path = directory / "dbt_project.yml"
    if not path.is_file():
        raise ScaffoldError(f"{path} does not exist; --project-dir is the directory of a dbt project")
    return yaml.safe_load(path.read_text(encoding="utf-8")) or {}


def check_names(monitor: str, parts: list[str]) -> None:
    """Raise if a name cannot be that of a monitor or of a part."""
    for name in [monitor, *parts]:
        if not NAME_PATTERN.fullmatch(name):
            raise ScaffoldError(
                f"{name}: allowed are lower-case letters, digits and single underscores between them"
            )
    for part in parts:
        if part in RESERVED_PARTS:
            raise ScaffoldError(
                f"{part} is not the name of a part; allowed: {', '.join(PLAIN_PARTS)}, or the name of a lookup"
            )


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(
        description="Write the models of a monitor and the YAML that describes them."
    )
    parser.add_argument("name", nargs="?", help="the monitor, such as churn")
    parser.add_argument(
        "--parts",
        nargs="*",
        default=[],
        metavar="PART",
        help=f"{', '.join(PLAIN_PARTS)}, or the name of a lookup",
    )
    parser.add_argument("--fleet", action="store_true", help="write models/fleet/_fleet.yml instead")
    parser.add_argument(
        "--project-dir", type=Path, default=Path(), help="the dbt project to write to (default: here)"
    )
    parser.add_argument("--package", action="store_true", help="the project installs ml_monitor as a package")
    parser.add_argument("--demo", action="store_true", help="a monitor that ml_monitor ships")
    parser.add_argument("--force", action="store_true", help="overwrite files that differ")
    parser.add_argument(
        "--check", action="store_true", help="write nothing; exit with 1 if the files are not up to date"
    )
    args = parser.parse_args()
    if bool(args.name) == args.fleet:
        parser.error("give either the name of a monitor or --fleet")
    if args.demo and args.package:
        parser.error("--demo is for monitors of ml_monitor itself, not for a project that installs it")
    return args


def run(args: argparse.Namespace) -> int:
    """Do what the command line says; returns the exit status."""
    project = read_project(args.project_dir)
    models = (project.get("model-paths") or ["models"])[0]
    parts = list(dict.fromkeys(args.parts))
    if args.fleet:
        files: dict[Path, str | None] = {args.project_dir / models / "fleet" / "_fleet.yml": fleet_yaml()}
    else:
        check_names(args.name, parts)
        folder = args.project_dir / models / "monitors" / args.name
        written = monitor_files(args.name, parts, args.project_dir / models, args.demo)
        files = {folder / name: text for name, text in written.items()}
    if args.check:
        found = differences(files)
        for path, what in found.items():
            print(f"{path}: {what}")
        return 1 if found else 0
    done = write(files, args.force)
    if not args.fleet and not args.demo:
        done += write(staging_stubs(args.project_dir / models, args.name, parts), force=False)
    print("\n".join(done) if done else "Everything is up to date.")
    if not args.fleet and not args.demo:
        package = args.package or project.get("name") != PACKAGE
        print(next_steps(project, args.name, parts, models, package))
    return 0


def main() -> None:
    """Run, and print a mistake as one message."""
    try:
        sys.exit(run(arguments()))
    except ScaffoldError as error:
        sys.exit(f"scaffold: {error}")


if __name__ == "__main__":
    main()

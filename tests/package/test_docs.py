"""The docs are complete: dbt generates them, every public column is described, links lead somewhere."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path
from typing import Any

import pytest
import scaffold
from conftest import POLICIES, ROOT, Project, Result

MONITORS = ("flight_delay", "flight_air_time")
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)(?:\s+\"[^\"]*\")?\)")


@pytest.fixture(scope="module")
def docs(
    full_build: tuple[Project, Result], tmp_path_factory: pytest.TempPathFactory
) -> tuple[dict[str, Any], dict[str, Any]]:
    """What dbt docs generate writes: (nodes of the manifest by name, nodes of the catalog by name)."""
    folder = tmp_path_factory.mktemp("docs")
    project = full_build[0].copy_to(folder / "project")
    target = folder / "target"
    result = project.dbt("docs", "generate", "--target-path", str(target))
    assert result.exit_code == 0, result.output
    manifest = json.loads((target / "manifest.json").read_text(encoding="utf-8"))
    catalog = json.loads((target / "catalog.json").read_text(encoding="utf-8"))
    assert (target / "index.html").stat().st_size > 100_000
    nodes = {
        node["name"]: node for key, node in manifest["nodes"].items() if key.startswith(("model.", "seed."))
    }
    built = {manifest["nodes"][key]["name"]: node for key, node in catalog["nodes"].items()}
    return nodes, built


def described(node: dict[str, Any]) -> set[str]:
    """The columns of a node that have a description."""
    return {name.lower() for name, column in node["columns"].items() if column["description"].strip()}


def test_everything_built_is_in_the_catalog(docs: tuple[dict[str, Any], dict[str, Any]]) -> None:
    nodes, built = docs
    public = {name for name, node in nodes.items() if node.get("access") == "public"}
    assert len(public) > 40
    assert public <= set(built)


def listed(table: str) -> set[str]:
    """The columns that the macro of a table lists, which is where inner tables are described."""
    return {
        column["name"].lower()
        for column in scaffold.table_columns(table, "<m>")
        if column["description"].strip()
    }


def inner_tables(nodes: dict[str, Any]) -> dict[str, str]:
    """The models of monitors that people do not read as they are, and the part of their name after the monitor's."""
    names = {
        name: name.partition("__")[2] for name in nodes if name.split("__")[0] in MONITORS and "__" in name
    }
    return {name: table for name, table in names.items() if not nodes[name]["config"]["contract"]["enforced"]}


def test_every_public_column_is_described(docs: tuple[dict[str, Any], dict[str, Any]]) -> None:
    nodes, built = docs
    missing = []
    for name, node in built.items():
        if nodes[name].get("access") != "public" or name in inner_tables(nodes) or name == "ml_deletions":
            continue
        missing += [
            f"{name}.{column}" for column in node["columns"] if column.lower() not in described(nodes[name])
        ]
    assert missing == []


@pytest.mark.parametrize("table", ["grid", "reference_profile", "window_metrics", "history"])
def test_tables_of_several_kinds_of_rows_list_their_columns(
    docs: tuple[dict[str, Any], dict[str, Any]], table: str
) -> None:
    """Their lists are put together by macros; those of the other inner tables are compared below."""
    _, built = docs
    parts = {"window_metrics": ["volume", "freshness", "join_cardinality", "reconciliation", "quality_score"]}
    parts |= {"history": ["runs", "check_history"], "reference_profile": ["reference_profile"]}
    own = {"window_metrics": {"window_metric_id", "metric_group"}, "history": {"record"}}.get(table, set())
    found = {column.lower() for column in built[f"flight_delay__{table}"]["columns"]}
    if table == "grid":
        assert found == {
            "column_name",
            "category",
            "category_rank",
            "is_complete",
            "has_numbers",
            "center",
            "scale",
            "row_count",
            "grid_source",
        } | {f"edge_{number:02d}" for number in range(20)}
        return
    wanted = own.union(*(listed(part) for part in parts[table])) - {f"{part}_id" for part in parts[table]}
    assert found == wanted


def test_every_column_of_inner_tables_is_listed(docs: tuple[dict[str, Any], dict[str, Any]]) -> None:
    nodes, built = docs
    put_together = ("grid", "window_metrics", "history")
    for name, table in inner_tables(nodes).items():
        if table not in put_together:
            # The view of the metrics also has the hash of its own SQL.
            known = listed(table) | ({"code_hash"} if table == "metrics" else set())
            if table.endswith("_log"):
                known |= {column.lower() for column in built[f"stg_{name.removesuffix('_log')}"]["columns"]}
            assert {column.lower() for column in built[name]["columns"]} == known, name


def test_every_model_and_seed_is_described(docs: tuple[dict[str, Any], dict[str, Any]]) -> None:
    nodes, _ = docs
    short = {name for name, node in nodes.items() if len(node["description"].strip()) < 20}
    assert short == {name for name, table in inner_tables(nodes).items() if table != "checks"}


def test_every_column_of_staging_and_seeds_is_described(docs: tuple[dict[str, Any], dict[str, Any]]) -> None:
    nodes, built = docs
    missing = [
        f"{name}.{column}"
        for name in nodes
        if name.startswith("stg_") or nodes[name]["resource_type"] == "seed"
        for column in built[name]["columns"]
        if column.lower() not in described(nodes[name])
    ]
    assert missing == []


def test_fixed_shapes_have_a_contract(docs: tuple[dict[str, Any], dict[str, Any]]) -> None:
    nodes, built = docs
    fixed = [name for name in built if nodes[name]["config"].get("contract", {}).get("enforced")]
    people = ("inferences", "labels", "quarantine", "gate")
    assert {f"{monitor}__{table}" for monitor in MONITORS for table in people} <= set(fixed)
    assert {
        name for name in built if name.startswith("ml_") and nodes[name]["resource_type"] == "model"
    } - set(fixed) == {"ml_deletions"}
    for name in fixed:
        assert {column.lower() for column in built[name]["columns"]} == {
            column.lower() for column in nodes[name]["columns"]
        }, name


def test_surrogate_keys_prove_the_grain(
    docs: tuple[dict[str, Any], dict[str, Any]], full_build: tuple[Project, Result]
) -> None:
    _, result = full_build
    for monitor in MONITORS:
        assert result.statuses[f"{monitor}__windows_are_unique"] == "pass"
        compiled = next(
            node["compiled_code"]
            for node in result.manifest["nodes"].values()
            if node["name"] == f"{monitor}__windows_are_unique"
        )
        for table in ["drift", "performance", "data_quality", "window_metrics", "checks"]:
            assert f"{monitor}__{table} has " in compiled


@pytest.mark.parametrize("page", ["README.md", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE"])
def test_the_page_exists(page: str) -> None:
    assert (ROOT / page).stat().st_size > 200


@pytest.mark.parametrize("page", PAGES, ids=[str(page.relative_to(ROOT)) for page in PAGES])
def test_every_link_leads_somewhere(page: Path) -> None:
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    broken = []
    for link in LINK.findall(text):
        if re.match(r"[a-z]+:", link):
            continue
        file, _, anchor = link.partition("#")
        target = (page.parent / file).resolve() if file else page
        # A folder is a page on GitHub, but not of the site.
        in_docs = target.is_relative_to(ROOT / "docs")
        if not (target.is_file() if in_docs else target.exists()) or (
            anchor and target.suffix == ".md" and anchor not in anchors(target)
        ):
            broken.append(link)
    assert broken == []


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ +(.+)$", page.read_text(encoding="utf-8"), flags=re.MULTILINE)
    plain = [re.sub(r"[^\w\- ]", "", heading.lower()).strip() for heading in headings]
    return {heading.replace(" ", "-") for heading in plain}


@pytest.mark.parametrize("category", ["contract", "freshness", "volume", "quality", "drift", "performance"])
def test_a_gate_has_a_page(category: str) -> None:
    text = (ROOT / "docs" / "gates" / f"{category}.md").read_text(encoding="utf-8")
    assert category in text.splitlines()[0].lower()
    assert len(text) > 500


def test_the_reference_has_every_metric_with_its_default_limits() -> None:
    """The table of docs/metrics.md: each limit of the seed stands in it, and no other number."""
    limits: dict[str, set[float]] = {}
    for rule in csv.DictReader((ROOT / POLICIES).read_text(encoding="utf-8").splitlines()):
        columns = [rule[f"{level}_{side}"] for level in ("warn", "fail") for side in ("above", "below")]
        limits.setdefault(rule["metric"], set()).update(float(value) for value in columns if value)
    reference = (ROOT / "docs" / "metrics.md").read_text(encoding="utf-8")
    wrong, named = [], set()
    for row in reference.split("| metric | gate |")[1].split("\n\n")[0].splitlines()[2:]:
        names = set(re.findall(r"`(\w+)`", row.split(" | ")[0]))
        cell = row.removesuffix(" |").rsplit(" | ", 1)[1]
        # Numbers of days are those of windows.
        text = re.sub(r"\d+( and \d+)? days", "", cell)
        shown = {float(number) for number in re.findall(r"(?<!\w)-?\d+(?:\.\d+)?", text)}
        expected = set().union(*(limits.get(name, set()) for name in names))
        if shown != expected and not cell.startswith("as `"):
            wrong.append((names, cell, sorted(expected)))
        named |= names
    assert wrong == []
    assert set(limits) <= named


@pytest.mark.parametrize("page", ["docs/architecture.md", "docs/metrics.md"])
def test_a_promised_page_is_there(page: str) -> None:
    assert (ROOT / page).stat().st_size > 2000

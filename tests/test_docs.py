"""The docs are complete: dbt generates them, every public column is described, links lead somewhere."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
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
    assert len(public) > 50
    assert public <= set(built)


def test_every_public_column_is_described(docs: tuple[dict[str, Any], dict[str, Any]]) -> None:
    nodes, built = docs
    missing = []
    for name, node in built.items():
        if nodes[name].get("access") != "public":
            continue
        known = described(nodes[name])
        monitor, _, table = name.partition("__")
        if table in ("inferences", "inferences_log", "quarantine", "labels", "labels_log"):
            # These have the columns of staging, where they are described.
            known |= described(
                nodes[f"stg_{monitor}__{table.split('_')[0].replace('quarantine', 'inferences')}"]
            )
        missing += [f"{name}.{column}" for column in node["columns"] if column.lower() not in known]
    assert missing == []


def test_every_model_and_seed_is_described(docs: tuple[dict[str, Any], dict[str, Any]]) -> None:
    nodes, _ = docs
    assert [name for name, node in nodes.items() if len(node["description"].strip()) < 20] == []


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
    free = ("inferences", "inferences_log", "quarantine", "labels", "labels_log")
    for name in built:
        node = nodes[name]
        if node.get("access") == "public" and name.partition("__")[2] not in free:
            assert node["config"]["contract"]["enforced"], name
            assert set(built[name]["columns"]) == set(node["columns"]), name


def test_surrogate_keys_prove_the_grain(
    docs: tuple[dict[str, Any], dict[str, Any]], full_build: tuple[Project, Result]
) -> None:
    _, result = full_build
    for monitor in MONITORS:
        for table in [
            "drift",
            "performance",
            "data_quality",
            "freshness",
            "join_cardinality",
            "volume",
            "checks",
        ]:
            key = "check_id" if table == "checks" else f"{table}_id"
            assert result.statuses[f"unique_{monitor}__{table}_{key}"] == "pass"


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
        if not target.exists() or (anchor and target.suffix == ".md" and anchor not in anchors(target)):
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


def test_every_metric_is_in_the_reference() -> None:
    reference = (ROOT / "docs" / "metrics.md").read_text(encoding="utf-8")
    rules = (ROOT / POLICIES).read_text(encoding="utf-8").splitlines()[1:]
    metrics = {rule.split(",")[2] for rule in rules}
    assert len(metrics) > 15
    assert [metric for metric in sorted(metrics) if f"`{metric}`" not in reference] == []


@pytest.mark.parametrize("page", ["docs/architecture.md", "docs/metrics.md"])
def test_a_promised_page_is_there(page: str) -> None:
    assert (ROOT / page).stat().st_size > 2000

"""The docs are a site (make docs): built without a warning, complete, and without anything from the network."""

from __future__ import annotations

import re
import shutil
from html.parser import HTMLParser
from pathlib import Path

import pytest
from conftest import ROOT
from docs_site.build import build

PAGES = sorted(path.relative_to(ROOT / "docs") for path in (ROOT / "docs").rglob("*.md"))


class Loaded(HTMLParser):
    """What a browser loads with a page: scripts, styles, pictures, frames and fonts; links that a reader clicks are none."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep the addresses of a tag that loads."""
        given = dict(attrs)
        if tag in ("script", "img", "iframe", "source", "video", "audio", "embed"):
            self.addresses.append(given.get("src") or "")
        if tag == "link" and given.get("rel") not in ("next", "prev", "canonical"):
            self.addresses.append(given.get("href") or "")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site."""
    out = tmp_path_factory.mktemp("docs") / "site"
    finished = build(out)
    assert finished.returncode == 0, finished.stdout
    assert finished.stdout == ""
    return out


def test_every_page_is_in_the_navigation(site: Path) -> None:
    index = (site / "index.html").read_text(encoding="utf-8")
    assert len(PAGES) > 40
    for page in PAGES:
        file = page.with_suffix(".html")
        assert (site / file).exists(), page
        assert page.name == "index.md" or f'href="{file}"' in index, f"{page} is not in docs/index.md"


def test_nothing_is_loaded_from_elsewhere(site: Path) -> None:
    for page in site.rglob("*.html"):
        loaded = Loaded()
        loaded.feed(page.read_text(encoding="utf-8"))
        assert loaded.addresses
        outside = [address for address in loaded.addresses if re.match(r"(\w+:)?//", address)]
        assert outside == [], page
    for style in site.rglob("*.css"):
        addresses = re.findall(
            r"(?:url\(|@import)\s*['\"]?((?:https?:)?//[^'\")]+)", style.read_text(encoding="utf-8")
        )
        assert addresses == [], style


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[a](no_such_page.md)", "no_such_page.md"),
        ("[a](tables.md#no-such-heading)", "no-such-heading"),
    ],
)
def test_a_link_that_leads_nowhere_is_an_error(tmp_path: Path, text: str, said: str) -> None:
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "index.md").write_text("# Home\n\n```{toctree}\ntables\n```\n", encoding="utf-8")
    (docs / "tables.md").write_text(f"# Tables\n\n{text}\n", encoding="utf-8")
    broken = build(tmp_path / "site", docs)
    assert broken.returncode != 0
    assert said in broken.stdout
    shutil.rmtree(tmp_path / "site")
    (docs / "tables.md").write_text("# Tables\n\n[a](index.md#home)\n", encoding="utf-8")
    mended = build(tmp_path / "site", docs)
    assert (mended.returncode, mended.stdout) == (0, "")

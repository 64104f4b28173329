"""What the docs say of the program is still so: reasons of dependencies, parts, links."""

import re
import tomllib
from pathlib import Path

from tests.architecture.source import ROOT, of_each

DOCS = sorted([*(ROOT / "docs").rglob("*.md"), *ROOT.glob("*.md")])
LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#\s]+)")
PATH = re.compile(
    r"`((?:hrdtracker|tests|docs|templates|migrations|tools|requirements)/[\w./-]+\.\w+)`"
)
REQUIREMENT = re.compile(r"^([a-z][a-z0-9-]+)", re.MULTILINE)
ADR = re.compile(r"\d{4}-[a-z0-9-]+\.md")


def _required() -> set[str]:
    files = (ROOT / "requirements").glob("*.in")
    lines = "\n".join(file.read_text() for file in files)
    return set(REQUIREMENT.findall(lines))


def test_every_dependency_has_its_reason() -> None:
    page = (ROOT / "docs" / "dependencies.md").read_text()
    named = set(
        re.findall(r"[a-z0-9-]+", " ".join(re.findall(r"^\|([^|]+)\|", page, re.MULTILINE)))
    )
    required = _required() - {"uv"}
    assert len(required) > 20
    assert required - named == set()


def test_every_part_of_the_program_stands_on_the_page_of_its_shape() -> None:
    page = (ROOT / "docs" / "ARCHITECTURE.md").read_text()
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    layers = " ".join(contracts["contracts"][0]["layers"])
    parts = {name for name in re.findall(r"\(?[a-z_]+\)?", layers) if not name.startswith("(")}
    assert len(parts) > 10
    assert {name for name in parts if f"`{name}`" not in page} == set()


@of_each(lambda: DOCS)
def test_a_link_leads_somewhere(page: Path) -> None:
    links = LINK.findall(page.read_text())
    assert [link for link in links if not (page.parent / link).exists()] == []


@of_each(lambda: DOCS)
def test_a_file_that_is_named_exists(page: Path) -> None:
    named = PATH.findall(page.read_text())
    assert [name for name in named if not (ROOT / name).exists() and "NAME" not in name] == []


def test_a_decision_says_context_decision_and_consequence_on_one_page() -> None:
    pages = sorted((ROOT / "docs" / "adr").glob("*.md"))
    assert len(pages) >= 6
    numbers = [page.name[:4] for page in pages]
    assert numbers == [f"{number:04}" for number in range(1, len(pages) + 1)]
    for page in pages:
        text = page.read_text()
        assert ADR.fullmatch(page.name), page.name
        assert all(f"**{word}.**" in text for word in ("Context", "Decision", "Consequence"))
        assert text.count("\n") <= 60

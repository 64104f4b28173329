"""The table of ASVS 5.0 has each requirement once, and what it names as its proof exists."""

import ast
import re
from dataclasses import dataclass
from functools import cache

from tests.architecture.source import ROOT, modules, of_each

PAGE = ROOT / "docs" / "asvs.md"
CRYPTOGRAPHY = ROOT / "docs" / "cryptography.md"
STANDS = {"met", "in part", "not met", "operator", "none here"}
SECTIONS = {
    1: (2, 10, 12, 3, 3),
    2: (3, 3, 5, 2),
    3: (1, 3, 5, 8, 8, 1, 5),
    4: (5, 5, 2, 4),
    5: (1, 6, 3, 3),
    6: (3, 12, 8, 6, 8, 4, 2, 4),
    7: (3, 4, 2, 5, 3, 2),
    8: (4, 4, 3, 2),
    9: (3, 4),
    10: (2, 3, 5, 16, 5, 2, 3),
    11: (4, 5, 5, 4, 2, 2, 2),
    12: (5, 2, 5),
    13: (4, 6, 4, 7),
    14: (2, 8, 3),
    15: (5, 5, 7, 4),
    16: (1, 5, 4, 3, 4),
    17: (2, 8, 2),
}
"""How many requirements each section of each chapter of version 5.0.0 has."""
NUMBERS = [
    f"{chapter}.{section}.{number}"
    for chapter, counts in SECTIONS.items()
    for section, count in enumerate(counts, 1)
    for number in range(1, count + 1)
]
TEST = re.compile(r"`((?:architecture|browser|intake|security|spec|web)/\w+\.py)(?:::(\w+))?`")
DOES_CRYPTOGRAPHY = {
    *("argon2", "cryptography", "hashlib", "hmac", "pyotp", "pyrage", "secrets", "webauthn"),
}


@dataclass(frozen=True)
class Row:
    """One line of the table: the requirements, how they stand, and what is said of them."""

    numbers: tuple[str, ...]
    stands: str
    why: str


@cache
def rows() -> tuple[Row, ...]:
    lines = [line.split("|") for line in PAGE.read_text("utf-8").splitlines()]
    cells = [[cell.strip() for cell in line] for line in lines if len(line) == 7]
    return tuple(
        Row(_from_to(*line[1].split("–")), line[4], line[5])
        for line in cells
        if re.match(r"\d", line[1])
    )


def _from_to(first: str, last: str | None = None) -> tuple[str, ...]:
    beginning, end = NUMBERS.index(first), NUMBERS.index(last or first)
    return tuple(NUMBERS[beginning : end + 1])


def test_each_requirement_of_the_standard_stands_in_the_table_once() -> None:
    assert len(NUMBERS) == 345
    assert [number for row in rows() for number in row.numbers] == NUMBERS


def test_each_says_how_it_stands_and_what_shows_it_or_why_not() -> None:
    assert {row.stands for row in rows()} <= STANDS
    assert [row.numbers for row in rows() if not row.why and row.stands != "none here"] == []
    shown = re.compile(r"`|\]\(")
    assert [r.numbers for r in rows() if r.stands == "met" and not shown.search(r.why)] == []


@of_each(lambda: set(TEST.findall(PAGE.read_text("utf-8"))))
def test_a_test_that_is_named_as_proof_exists(named: tuple[str, str]) -> None:
    file, function = named
    path = ROOT / "tests" / file
    assert path.exists()
    assert not function or f"\ndef {function}(" in path.read_text("utf-8")


def test_whatever_does_cryptography_stands_on_its_page() -> None:
    page = CRYPTOGRAPHY.read_text("utf-8")
    found = {
        module.name.removeprefix("hrdtracker/")
        for module in modules("hrdtracker")
        if DOES_CRYPTOGRAPHY & {name.partition(".")[0] for name in _imported(module.tree)}
    }
    assert len(found) > 20
    assert {name for name in found if f"`{name}`" not in page} == set()


def _imported(tree: ast.Module) -> set[str]:
    plain = {
        alias.name for node in tree.body if isinstance(node, ast.Import) for alias in node.names
    }
    return plain | {node.module or "" for node in tree.body if isinstance(node, ast.ImportFrom)}

"""What the clocks and the laws of a country are called, and which clocks end with freedom."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from hrdtracker.proceedings.rules.files import FOLDER
from hrdtracker.proceedings.rules.model import WordLabel


@dataclass(frozen=True)
class LegalNames:
    """What clocks and laws are called, by their keys.

    `frees` are the clocks at whose end somebody is to be released, or brought before a judge.
    """

    clocks: Mapping[str, WordLabel]
    laws: Mapping[str, WordLabel]
    frees: frozenset[str]


@cache
def legal_names(country: str) -> LegalNames:
    """Return what the clocks and laws of a country are called."""
    place = FOLDER / country.casefold()
    clocks = _rows(place, "clocks")
    return LegalNames(
        clocks={row["clock"]: WordLabel(row["name"], row["name_km"]) for row in clocks},
        laws={row["law"]: WordLabel(row["law"], row["name_km"]) for row in _rows(place, "laws")},
        frees=frozenset(row["clock"] for row in clocks if row["frees"] == "yes"),
    )


def _rows(place: Path, name: str) -> list[dict[str, str]]:
    with (place / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))

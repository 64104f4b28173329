"""Reading a mapping from its file; everything that is wrong with it is said at once."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, fields, is_dataclass, replace
from datetime import date
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from hrdtracker.codelists.lookup import Terms
from hrdtracker.core.errors import N_, DomainError, Message
from hrdtracker.intake.mapping import Coded, Columns, MappingFile, coded_values, folded
from hrdtracker.proceedings.model import ACCUSED_ROLES

SOURCE = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
BRACKETS = ("", "organisation", "name")
EXPECTED = {date: "a day such as 2014-08-31", int: "a number from 0"}
WITHIN = ("", "month", "year")
MOST_BYTES = 200_000

Faults = list[str]


class MappingUnusable(DomainError):
    """The mapping cannot be used; the sentence names each fault."""


def read_mapping(path: Path, source: str = "") -> MappingFile:
    """Return the mapping in a TOML file, for `source` where named; raises MappingUnusable."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise MappingUnusable(N_("A mapping has at most 200 kB."))
        given = tomllib.loads(path.read_text("utf-8-sig"))
    except FileNotFoundError:
        raise MappingUnusable(
            Message(N_("There is no mapping “%(name)s”."), {"name": path.name})
        ) from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        values = {"name": path.name, "fault": str(error)}
        raise MappingUnusable(
            Message(N_("“%(name)s” is no TOML file: %(fault)s"), values)
        ) from None
    faults: Faults = []
    given.setdefault("source", path.stem)
    if source:
        given["source"] = source
    mapping: MappingFile | None = _table(MappingFile, given, "", faults)
    if mapping is not None:
        faults += _faults(mapping)
    _refuse(faults)
    assert mapping is not None  # noqa: S101 - else there was a fault
    return mapping


def check_codes(mapping: MappingFile, terms: Terms) -> None:
    """Refuse a mapping that names codes which no list holds."""
    _refuse(
        f"“{code}” is not in the list {name}"
        for name, value in coded_values(mapping)
        for code in sorted(value.codes() if isinstance(value, Coded) else {value} - {""})
        if not terms.knows(name, code)
    )


def _refuse(faults: Any) -> None:
    listed = "; ".join(faults)
    if listed:
        raise MappingUnusable(
            Message(N_("The mapping does not hold: %(faults)s."), {"faults": listed})
        )


def _table(kind: Any, given: Any, where: str, faults: Faults) -> Any:
    """Return a TOML table as one of the mapping's parts; unknown and missing names are faults."""
    if not isinstance(given, dict):
        faults.append(f"{where} must be a table")
        return None
    declared = {each.name: each for each in fields(kind)}
    types = get_type_hints(kind)
    place = f"{where}." if where else ""
    faults.extend(
        f"{place}{name} is unknown here; known are {', '.join(declared)}"
        for name in given.keys() - declared.keys()
    )
    missing = [
        name for name, each in declared.items() if each.default is each.default_factory is MISSING
    ]
    faults.extend(f"{place}{name} is missing" for name in missing if name not in given)
    values = {
        name: _value(types[name], given[name], f"{place}{name}", faults)
        for name in declared
        if name in given
    }
    return None if faults else kind(**values)


def _value(kind: Any, given: Any, where: str, faults: Faults) -> Any:
    """Return one value of a TOML table as its part wants it."""
    if get_origin(kind) in {Union, UnionType}:
        kind = next(each for each in get_args(kind) if each is not type(None))
    if kind == Columns:
        return _columns(given, where, faults)
    if get_origin(kind) is tuple:
        return _tables(get_args(kind)[0], given, where, faults)
    if get_origin(kind) is Mapping:
        return _words(given, where, faults)
    if is_dataclass(kind):
        return _table(kind, _short(kind, given), where, faults)
    return _plain(kind, given, where, faults)


def _short(kind: Any, given: Any) -> Any:
    """Let a part that is one column only be written as that column."""
    has_column = any(each.name == "column" for each in fields(kind))
    return {"column": given} if has_column and isinstance(given, str | list) else given


def _columns(given: Any, where: str, faults: Faults) -> Columns:
    listed = given if isinstance(given, list) else [given]
    if all(isinstance(each, str) and each.strip() for each in listed):
        return tuple(" ".join(each.split()) for each in listed)
    faults.append(f"{where} must be a text or a list of texts")
    return ()


def _tables(kind: Any, given: Any, where: str, faults: Faults) -> tuple[Any, ...]:
    if not isinstance(given, list):
        faults.append(f"{where} must be written as [[{where}]]")
        return ()
    return tuple(
        _table(kind, each, f"{where} ({number})", faults) for number, each in enumerate(given, 1)
    )


def _words(given: Any, where: str, faults: Faults) -> Mapping[str, str]:
    if not isinstance(given, dict) or not all(isinstance(each, str) for each in given.values()):
        faults.append(f"{where} must be a table of texts")
        return {}
    return MappingProxyType({folded(word): code for word, code in given.items()})


def _plain(kind: Any, given: Any, where: str, faults: Faults) -> Any:
    if kind is date and type(given) is date:
        return given
    if isinstance(given, str) and kind is str:
        return given
    if kind is int and type(given) is int and given >= 0:
        return given
    if isinstance(given, str) and issubclass(kind, StrEnum) and given in set(kind):
        return kind(given)
    names = ", ".join(kind) if issubclass(kind, StrEnum) else None
    expected = EXPECTED.get(kind, names or "a text")
    faults.append(f"{where} must be {expected}")
    return None


def _faults(mapping: MappingFile) -> Faults:
    """Return the faults that no type can express."""
    joined = {join.file for join in mapping.join}
    return [
        *_faults_of_victims(mapping),
        *(fault for holds, fault in _conditions(mapping) if not holds),
        *(
            f"“{part.file}” of {name} is not joined"
            for name in ("later", "charges", "titles", "hearings")
            for part in getattr(mapping, name)
            if part.file and part.file not in joined
        ),
    ]


def _faults_of_victims(mapping: MappingFile) -> Iterator[str]:
    for people in mapping.victims:
        if people.brackets not in BRACKETS:
            yield f"victims.brackets must be one of {', '.join(filter(None, BRACKETS))}"
        if not _is_pattern(people.skip):
            yield f"“{people.skip}” is no pattern"
        if not (people.column or people.count or people.families):
            yield "victims must name a column, or a count"


def _conditions(mapping: MappingFile) -> list[tuple[bool, str]]:
    """Return what must hold of a mapping as a whole, each with the fault where it does not."""
    estimate, kind = mapping.when.about, mapping.type
    perpetrators = [each.type for each in mapping.perpetrators]
    laws = [law for charge in mapping.charges for law in charge.law]
    return [
        (not estimate or estimate.within in WITHIN, "when.about.within must be month or year"),
        (
            SOURCE.fullmatch(mapping.source) is not None,
            "source must be 1 to 40 of a to z, 0 to 9, - and _",
        ),
        (len(mapping.delimiter) <= 1, "delimiter must be one character"),
        (bool(mapping.when.columns()), "when must name a column"),
        (bool(kind.column or kind.default), "type must name a column or a default"),
        (
            all(each.column or each.default for each in perpetrators),
            "perpetrators must name a type, with a column or a default",
        ),
        (
            bool(mapping.place.coordinates.latitude) == bool(mapping.place.coordinates.longitude),
            "place.coordinates must name latitude and longitude, or one column",
        ),
        (mapping.proceeding.role in ACCUSED_ROLES, "proceeding.role must be suspect or accused"),
        (
            all(charge.article or charge.words for charge in mapping.charges),
            "charges must name a column with an article, or words",
        ),
        (
            all(charge.law for charge in mapping.charges if charge.article),
            "charges must name the law of their articles",
        ),
        (
            all(bool(law.column) == bool(law.says) for law in laws),
            "charges.law must say which words its column holds",
        ),
        (
            all(title.kind.column or title.kind.default for title in mapping.titles),
            "titles must name a kind, with a column or a default",
        ),
        (
            all(hearing.starts.columns() for hearing in mapping.hearings),
            "hearings must name a column for their day",
        ),
        (
            all(also.code for also in mapping.also if also.compares),
            "also compares a number, and names no code for it",
        ),
        (
            not mapping.zone or _is_zone(mapping.zone),
            f"“{mapping.zone}” is no time zone such as Asia/Phnom_Penh",
        ),
    ]


def _is_pattern(text: str) -> bool:
    try:
        re.compile(text)
    except re.error:
        return False
    return True


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def coded_parts(mapping: MappingFile) -> list[Coded]:
    """Return every part that turns words of the sheet itself into codes, none of a joined file."""
    own = replace(
        mapping,
        charges=tuple(part for part in mapping.charges if not part.file),
        titles=tuple(part for part in mapping.titles if not part.file),
        hearings=tuple(part for part in mapping.hearings if not part.file),
    )
    return [value for _, value in coded_values(own) if isinstance(value, Coded)]

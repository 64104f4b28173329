"""The sheet that is read to a prosecutor: people by place and limit; names only of who said yes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from flask_babel import gettext, ngettext

from hrdtracker.incidents.case_view import age_of
from hrdtracker.people.model import Person
from hrdtracker.proceedings.clocks.model import Clock
from hrdtracker.proceedings.clocks.reading_out import NamedPerson, Readable, people_of, weakest
from hrdtracker.proceedings.rules.model import Confidence
from hrdtracker.web.shell.context import number, reading_in, say_told, today, word
from hrdtracker.web.words.limit_lines import citation
from hrdtracker.web.words.limits import say_clock, say_window
from hrdtracker.web.words.reading_out import say_source
from hrdtracker.web.words.stays import say_where_held

NAMED_MOST = 26
"""How many of one row are told apart by a letter of ours; those after them by a number."""


@dataclass(frozen=True)
class SheetRow:
    """People held at one place whose limit ends at one time, or one of them by name."""

    number: str
    who: str = field(repr=False)
    where: str
    since: str
    under: str
    limit: str
    article: str
    source: str


@dataclass(frozen=True)
class LimitSheet:
    """One sheet in one language."""

    language: str
    rows: Sequence[SheetRow]
    people: int
    names: int


@dataclass(frozen=True)
class _Ending:
    """Somebody and one of the limits that end for them."""

    one: Readable
    clock: Clock


def sheets_of(
    chosen: Sequence[Readable], named: Sequence[NamedPerson], languages: Sequence[str]
) -> list[LimitSheet]:
    """Return the sheet of those ticked, in each of these languages."""
    names = {person.readable.key: person for person in named}
    people = people_of(chosen)
    sheets = []
    for language in languages:
        with reading_in(language):
            rows = [
                row
                for place, some in enumerate(_groups(chosen), start=1)
                for row in _rows(place, some, names)
            ]
        sheets.append(LimitSheet(language, rows, people, len(names)))
    return sheets


def _groups(chosen: Sequence[Readable]) -> list[list[_Ending]]:
    """Return those together who are held at one place with one limit; minors by themselves."""
    groups: dict[tuple[object, ...], list[_Ending]] = {}
    for one in chosen:
        place = one.stay.place_held or one.stay.prison
        for kept in one.clocks:
            key = place, kept.clock, kept.ends_earliest, kept.ends_latest, kept.is_reviewed
            groups.setdefault((*key, one.is_minor), []).append(_Ending(one, kept))
    return list(groups.values())


def _rows(
    place: int, some: Sequence[_Ending], names: Mapping[UUID, NamedPerson]
) -> Iterator[SheetRow]:
    """Yield a row for each who is named, and one for all others of the group."""
    of_group = number(place)
    by_name = [ending for ending in some if ending.one.key in names]
    others = [ending for ending in some if ending.one.key not in names]
    for index, ending in enumerate(by_name):
        yield _row(f"{of_group}.{number(index + 1)}", _say_name(names[ending.one.key]), [ending])
    if others:
        mark = f"{of_group}.{number(len(by_name) + 1)}" if by_name else of_group
        yield _row(mark, _say_people(others), others)


def _say_people(some: Sequence[_Ending]) -> str:
    count = sum(ending.one.people for ending in some)
    people = ngettext("%(count)s person", "%(count)s people", count, count=number(count))
    return str(gettext("%(people)s, under 18", people=people) if some[0].one.is_minor else people)


def _say_name(named: NamedPerson) -> str:
    """Return a name with sex and age, which tell somebody apart from another of that name."""
    person = named.readable.person
    name = " / ".join(name for name in named.names if name)
    return ", ".join([name, *(_traits(person) if person is not None else ())])


def _traits(person: Person) -> list[str]:
    age = age_of(person, today())
    said = number(age) if age is not None else str(gettext("age not known"))
    return [trait for trait in (word(person.sex), said) if trait]


def _row(mark: str, who: str, some: Sequence[_Ending]) -> SheetRow:
    first = some[0]
    kept, stay = first.clock, first.one.stay
    since = min(some, key=lambda ending: ending.one.stay.since).one.stay.began
    return SheetRow(
        number=mark,
        who=who,
        where=say_where_held(stay),
        since=say_told(since, brief=True),
        under=say_clock(kept.clock),
        limit=say_window(kept.ends_earliest, kept.ends_latest) if kept.ends_earliest else "",
        article=_article(kept.clock, is_reviewed=kept.is_reviewed),
        source=say_source(weakest(ending.one.source for ending in some)),
    )


def _article(key: str, *, is_reviewed: bool) -> str:
    """Return the article, where its text was read; else that one asks; a star if not reviewed."""
    cites = citation(key)
    if cites is None or cites.confidence != Confidence.READ_IN_TEXT:
        return str(gettext("ask"))
    return number(cites.article) + ("" if is_reviewed else "*")

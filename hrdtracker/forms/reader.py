"""Who fills in a form, and how what they typed is read."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from wtforms import SelectMultipleField
from wtforms.widgets import CheckboxInput, ListWidget

from hrdtracker.codelists.lookup import terms
from hrdtracker.core.errors import N_, Message, Refused
from hrdtracker.core.when.model import When
from hrdtracker.core.when.parse import read_when
from hrdtracker.forms.base import uid_or_none
from hrdtracker.people.drafts import NameDraft, PersonDraft, Victim
from hrdtracker.people.lines import GroupLine, PersonLine, read_lines
from hrdtracker.people.model import CountingUnit

LISTED_PEOPLE = 20_000


@dataclass(frozen=True)
class Reader:
    """What a form must know of who fills it in: language, zone, and which day it is there."""

    locale: str
    zone: ZoneInfo
    today: date

    def when(self, text: str | None) -> When:
        """Read a date as this person would write it."""
        return read_when(text or "", self.today, self.zone)

    def choices(self, codelist: str, empty: str | None = None) -> list[tuple[str, str]]:
        """Return the terms of a list, after one that chooses nothing."""
        first = [("", empty)] if empty is not None else []
        return [*first, *terms().choices(codelist, self.locale)]


class TickField(SelectMultipleField):  # type: ignore[misc] # WTForms has no types
    """Several boxes to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


def read_victims(text: str | None, known: Mapping[str, str], on: date) -> tuple[Victim, ...]:
    """Return the people that lines name; `known` maps `same-N` to who the N-th line already is.

    The answer counts only while the line bears the name, `same-N-name`, that it was given for.

    Raises Refused({"who": …}) for the first line that cannot be read.
    """
    read = read_lines(text or "")
    for problem in read.problems:
        values = {"line": problem.line_no, "reason": problem.reason}
        raise Refused({"who": Message(N_("Line %(line)s: %(reason)s"), values)})
    people = [
        _victim(_same(known, number, line.name), _person(line, on))
        for number, line in enumerate(read.people)
    ]
    return (*people, *(Victim(described=_group(line)) for line in read.groups))


def chosen_people(text: str | None, known: Mapping[str, str]) -> dict[str, str]:
    """Return the answers `same-N` that count for the people whom lines name as they stand now."""
    answers = {
        f"same-{number}": uid_or_none(_same(known, number, line.name))
        for number, line in enumerate(read_lines(text or "").people)
    }
    return {name: uid.hex for name, uid in answers.items() if uid}


def _same(known: Mapping[str, str], number: int, name: str) -> str | None:
    asked_about = known.get(f"same-{number}-name", "")
    return known.get(f"same-{number}") if asked_about == name else None


def _victim(answer: str | None, described: PersonDraft) -> Victim:
    uid = uid_or_none(answer)
    return Victim(known=uid) if uid else Victim(described=described)


def _person(line: PersonLine, on: date) -> PersonDraft:
    names = (NameDraft(line.name),) if line.name else ()
    return PersonDraft(names, sex=line.sex, age=line.age, age_on=on)


def _group(line: GroupLine) -> PersonDraft:
    return PersonDraft(
        (NameDraft(line.label),) if line.label else (),
        unit=CountingUnit.COMMUNITY,
        head_count=line.head_count,
        head_count_about=line.about,
    )


def uids(values: list[str] | None) -> tuple[UUID, ...]:
    """Return the uids among some values; what is no uid is left out."""
    return tuple(uid for value in values or () if (uid := uid_or_none(value)))

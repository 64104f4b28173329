"""Who fills in a form, and how what they typed is read."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from wtforms import SelectMultipleField
from wtforms.widgets import CheckboxInput, ListWidget

from hrdtracker.codelists.lookup import terms
from hrdtracker.core.errors import N_, Message, Refused
from hrdtracker.core.when.model import When, midnight
from hrdtracker.core.when.parse import read_when
from hrdtracker.core.when.say import say_when
from hrdtracker.forms.base import Form, text_or_none, uid_or_none
from hrdtracker.people.drafts import NameDraft, PersonDraft, Victim
from hrdtracker.people.line_words import counts_families
from hrdtracker.people.lines import GroupLine, PersonLine, read_lines
from hrdtracker.people.model import CountingUnit

LISTED_PEOPLE = 20_000
TO_COME = N_("%(day)s lies in the future. Correct it, or send it once more if it is meant so.")


@dataclass(frozen=True)
class Reader:
    """What a form must know of who fills it in: language, zone, which day it is there, and now."""

    locale: str
    zone: ZoneInfo
    today: date
    now: datetime | None = None

    def when(self, text: str | None) -> When:
        """Read a date as this person would write it."""
        return read_when(text or "", self.today, self.zone, self.now)

    def is_to_come(self, when: When) -> bool:
        """Tell whether a date begins on a day after this person’s today."""
        tomorrow = midnight(self.today + timedelta(days=1), self.zone)
        return when.earliest is not None and when.earliest >= tomorrow

    def past(self, form: Form, name: str) -> When | None:
        """Return the date that was typed in a field; None where nothing was.

        A day in the future is asked about once: raises Refused unless the words are those in the
        hidden field `<name>_asked`, which it fills.
        """
        words, asked = text_or_none(form[name].data), form[f"{name}_asked"]
        if words is None:
            return None
        when = self.when(words)
        if self.is_to_come(when) and asked.data != words:
            asked.data = words
            raise Refused({name: Message(TO_COME, {"day": say_when(when, self.locale)})})
        return when

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

    A line that nobody should guess at is kept in its words. Raises Refused({"who": …}) for the
    first that cannot be kept.
    """
    read = read_lines(text or "")
    for problem in (problem for problem in read.problems if problem.blocks):
        values = {"line": problem.line_no, "reason": problem.reason}
        raise Refused({"who": Message(N_("Line %(line)s: %(reason)s"), values)})
    people = [
        _victim(_same(known, number, line.name), person_draft(line, on))
        for number, line in enumerate(read.people)
    ]
    return (*people, *(Victim(described=group_draft(line)) for line in read.groups))


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


def person_draft(line: PersonLine, on: date) -> PersonDraft:
    """Return the person that a line tells of, whose age is of that day."""
    names = (NameDraft(line.name),) if line.name else ()
    return PersonDraft(names, sex=line.sex, age=line.age, age_on=on, remarks=line.kept or None)


def group_draft(line: GroupLine) -> PersonDraft:
    """Return the group that a line tells of."""
    is_family = line.family_count == 1 or (
        line.family_count is None and counts_families(line.label)
    )
    return PersonDraft(
        (NameDraft(line.label),) if line.label else (),
        unit=CountingUnit.FAMILY if is_family else CountingUnit.COMMUNITY,
        head_count=line.head_count,
        head_count_about=line.about,
        family_count=line.family_count,
        family_count_about=line.families_about,
    )


def uids(values: list[str] | None) -> tuple[UUID, ...]:
    """Return the uids among some values; what is no uid is left out."""
    return tuple(uid for value in values or () if (uid := uid_or_none(value)))

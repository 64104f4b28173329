"""What is said of several people at once: who they are, what would be recorded, what was."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flask_babel import gettext, ngettext

from hrdtracker.codelists.lookup import terms
from hrdtracker.core.when.model import When
from hrdtracker.core.when.say import say_instant, say_when
from hrdtracker.custody.acts import says_otherwise
from hrdtracker.custody.model import CustodyAct, CustodyEvent, Stay
from hrdtracker.custody.people import PersonStay, count_of
from hrdtracker.forms.proceedings.at_once import EVENTS
from hrdtracker.incidents.case_view import age_of
from hrdtracker.proceedings.at_once.reading import RecordedAct
from hrdtracker.proceedings.drafts.at_once import ManyDraft
from hrdtracker.web.shell.context import locale, number, today, word, zone
from hrdtracker.web.shell.people import say_letter, say_size
from hrdtracker.web.shell.sentences import begin, in_a_row, with_what
from hrdtracker.web.words.custody import say_fate, say_held


def say_person(row: PersonStay, name: str) -> str:
    """Return who somebody is: "A. Demo Bavi, F, 34"."""
    person = row.person
    letter = f"{say_letter(row.letter)}." if row.letter else ""
    age = age_of(person, today()) if person else None
    is_whole = row.stay is None or row.stay.people is None
    traits = [
        name or ("" if row.letter else gettext("Somebody unknown")),
        word(person.sex) if person else "",
        number(age) if age is not None else "",
        (say_size(person) if person else "") if is_whole else say_people(row.heads),
    ]
    return " ".join(part for part in (letter, ", ".join(filter(None, traits))) if part)


def say_state(row: PersonStay) -> str:
    """Return where somebody is, and when that ended which was last."""
    if row.stay is None:
        return str(gettext("Nothing is recorded of where they are"))
    ended = Stay.ended.plain(row.stay)
    return in_a_row(begin(say_fate(row)), _when(ended) if ended and ended.is_known else "")


def say_what(kind: str | None, end_kind: str | None) -> str:
    """Return what happened to several people."""
    words = {event.value: text for event, text in EVENTS}
    if kind in words:
        return str(gettext(words[kind]))
    return terms().label("stay_end", end_kind, locale())


@dataclass(frozen=True)
class ToRecord:
    """What would be recorded, how many are held after it, what the button says.

    `more` says who comes to the case with it, and of whom another hour is on record.
    """

    sentence: str = ""
    stays_held: str = ""
    more: str = ""
    button: str = ""


NOTHING = ToRecord()


def say_to_record(
    draft: ManyDraft, chosen: Sequence[PersonStay], people: Sequence[PersonStay]
) -> ToRecord:
    """Return what a draft would record of those chosen among some people."""
    more = sum(each.group is None for each in draft.added)
    count = _count(draft, chosen) + len(draft.added)
    before, total = count_of(people)
    held = before.total + more
    if draft.kind == CustodyEvent.ENDED or draft.court.is_released:
        held -= _count(draft, (row for row in chosen if row.is_held)) + len(draft.added)
    elif draft.kind == CustodyEvent.ARRIVED:
        held += _count(draft, (row for row in chosen if not row.is_held))
    after = gettext(
        "%(held)s of %(count)s stay held", held=number(held), count=number(total + more)
    )
    button = ngettext(
        "Record it for %(count)s person", "Record it for %(count)s people", count,
        count=number(count),
    )  # fmt: skip
    more_said = in_a_row(_added(draft), _other_hours(draft, chosen))
    return ToRecord(_sentence(draft, count), str(after), more_said, str(button))


def _other_hours(draft: ManyDraft, chosen: Sequence[PersonStay]) -> str:
    """Return of how many an arrival is on record, and another source says another hour."""
    count = sum(row.heads for row in chosen if says_otherwise(row, draft))
    if not count:
        return ""
    said = ngettext(
        "For %(count)s person an hour is on record: both are kept, and the earlier limit stands "
        "first",
        "For %(count)s people an hour is on record: both are kept, and the earlier limit stands "
        "first",
        count,
        count=number(count),
    )
    return str(said)


def _count(draft: ManyDraft, rows: Iterable[PersonStay]) -> int:
    return sum(draft.counts.get(row.uid, row.heads) for row in rows)


def _sentence(draft: ManyDraft, count: int) -> str:
    when = say_when(draft.happened, locale(), today()) if draft.happened else ""
    articles = [
        one.words or terms().label("provision", one.provision, locale())
        for one in draft.court.qualifications
    ]
    return in_a_row(
        with_what(say_people(count), say_what(draft.kind, draft.end_kind)),
        *articles,
        begin(when),
        terms().label("deciding_body", draft.court.decided_by, locale()),
        draft.place_held or terms().label("prison", draft.prison, locale()),
        terms().label("how_known", draft.known_by, locale()),
    )


def _added(draft: ManyDraft) -> str:
    if not draft.added:
        return ""
    count = len(draft.added)
    said = ngettext(
        "%(count)s person comes to the case with it",
        "%(count)s people come to the case with it",
        count,
        count=number(count),
    )
    return str(said)


def say_recorded(act: CustodyAct, people: int, after: Sequence[PersonStay]) -> str:
    """Return what was recorded, and how many are still held."""
    return in_a_row(say_whom(act, people), say_held(*count_of(after)))


def say_act(one: RecordedAct) -> tuple[str, str]:
    """Return what was recorded by whom, and what the button to take it back says."""
    act = one.act
    at = say_instant(act.recorded_at, zone(), locale(), today())
    by = gettext("recorded %(at)s by %(who)s", at=at, who=one.by.display_name)
    text = in_a_row(say_line(act, one.people), begin(by))
    if not one.free:
        return in_a_row(text, gettext("It was changed since, and cannot be taken back")), ""
    label = ngettext(
        "Take it back for %(count)s person", "Take it back for %(count)s people", one.free,
        count=number(one.free),
    )  # fmt: skip
    return text, str(label)


def say_line(act: CustodyAct, people: int) -> str:
    """Return one line about several people: "31 people: Released on a promise, today 17:30"."""
    what = say_whom(act, people)
    when = CustodyAct.happened.plain(act)
    return in_a_row(what, _when(when)) if when and when.is_known else what


def say_whom(act: CustodyAct, people: int) -> str:
    """Return to how many people what happened: "31 people: Released on a promise"."""
    by = terms().label("deciding_body", act.decided_by, locale())
    return in_a_row(with_what(say_people(people), say_what(act.kind, act.end_kind)), by)


def _when(when: When) -> str:
    return begin(say_when(when, locale(), today()))


def say_people(count: int) -> str:
    """Return how many people: "31 people"."""
    return str(ngettext("%(count)s person", "%(count)s people", count, count=number(count)))

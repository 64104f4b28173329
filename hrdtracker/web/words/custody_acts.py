"""What is said of several people at once: who they are, what would be recorded, what was."""

from collections.abc import Sequence

from flask_babel import gettext, ngettext

from hrdtracker.codelists.lookup import terms
from hrdtracker.core.when.model import When
from hrdtracker.core.when.say import say_instant, say_when
from hrdtracker.custody.drafts import CustodyDraft
from hrdtracker.custody.model import CustodyAct, CustodyEvent
from hrdtracker.custody.people import PersonStay, RecordedAct, count_of
from hrdtracker.incidents.case_view import age_of
from hrdtracker.web.shell.context import locale, number, today, word, zone
from hrdtracker.web.shell.people import say_letter, say_size
from hrdtracker.web.shell.sentences import begin, in_a_row, with_what
from hrdtracker.web.words.custody import say_held


def say_person(row: PersonStay, name: str) -> str:
    """Return who somebody is: "A. Demo Bavi, F, 34"."""
    person = row.person
    letter = f"{say_letter(row.letter)}." if row.letter else ""
    age = age_of(person, today()) if person else None
    traits = [
        name or ("" if row.letter else gettext("Somebody unknown")),
        word(person.sex) if person else "",
        number(age) if age is not None else "",
        (say_size(person) if person else "") if row.stay.people is None else _people(row.heads),
    ]
    return " ".join(part for part in (letter, ", ".join(filter(None, traits))) if part)


def say_what(kind: str | None, end_kind: str | None) -> str:
    """Return what happened to several people."""
    if kind == CustodyEvent.ARRIVED:
        return str(gettext("Arrived at a police unit"))
    if kind == CustodyEvent.MOVED:
        return str(gettext("Moved to another place"))
    return terms().label("stay_end", end_kind, locale())


def say_what_stays(
    draft: CustodyDraft, chosen: Sequence[PersonStay], people: Sequence[PersonStay]
) -> tuple[str, str, str]:
    """Return what would be recorded, how many are held after it, and what the button says."""
    count = _chosen_heads(draft, chosen)
    before, total = count_of(people)
    if draft.kind == CustodyEvent.ENDED:
        held = before.total - count
    elif draft.kind == CustodyEvent.ARRIVED:
        held = before.total + sum(row.heads for row in chosen if not row.is_held)
    else:
        held = before.total
    when = say_when(draft.happened, locale(), today()) if draft.happened else ""
    what = say_what(draft.kind, draft.end_kind)
    place = draft.place_held or terms().label("prison", draft.prison, locale())
    known = terms().label("how_known", draft.known_by, locale())
    sentence = in_a_row(with_what(_people(count), what), begin(when), place, known)
    after = gettext("%(held)s of %(count)s stay held", held=number(held), count=number(total))
    button = ngettext(
        "Record it for %(count)s person", "Record it for %(count)s people", count,
        count=number(count),
    )  # fmt: skip
    return sentence, str(after), str(button)


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
    return with_what(_people(people), say_what(act.kind, act.end_kind))


def _when(when: When) -> str:
    return begin(say_when(when, locale(), today()))


def _people(count: int) -> str:
    return str(ngettext("%(count)s person", "%(count)s people", count, count=number(count)))


def _chosen_heads(draft: CustodyDraft, chosen: Sequence[PersonStay]) -> int:
    return sum(draft.counts.get(row.stay.uid, row.heads) for row in chosen)
